import { useContext, useSyncExternalStore } from 'react';
import type { Ota } from '../create-ota.ts';
import type { OtaState } from '../ota-state.ts';
import { OtaContext } from './ota-context.ts';

/**
 * The state of updates, or the part that `select` picks: the component renders again when that part is another one
 * (`Object.is`), so a selector should give parts, not make new objects.
 *
 * @throws TypeError outside of OtaProvider
 */
export function useOta(): OtaState;
export function useOta<T>(select: (state: OtaState) => T): T;
export function useOta<T>(select?: (state: OtaState) => T): OtaState | T {
  const ota = useOtaActions();
  const read = (): OtaState | T => (select === undefined ? ota.getState() : select(ota.getState()));
  return useSyncExternalStore(ota.subscribe, read, read);
}

/** What one can do: `check`, `update`, `cancel`, `restart`, `markHealthy`, `lockRestart`. */
export function useOtaActions(): Ota {
  const ota = useContext(OtaContext);
  if (ota === undefined) throw new TypeError('useOta: there is no OtaProvider above this component');
  return ota;
}
