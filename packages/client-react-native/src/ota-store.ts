import type { OtaState } from './ota-state.ts';

/** One place that holds the state, for any view library. */
export interface OtaStore {
  getState(): OtaState;
  subscribe(listener: () => void): () => void;
}

/** The store and its one way to change it. */
export function createOtaStore(initial: OtaState): OtaStore & {
  readonly update: (change: Partial<OtaState>) => void;
} {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    update: (change) => {
      state = { ...state, ...change };
      for (const listener of Array.from(listeners)) listener();
    },
  };
}
