import { useCallback, useEffect, useState } from 'react';

/** What was read last, and what went wrong when reading it again. */
export interface Polled<T> {
  readonly value: T | undefined;
  readonly problem: string | undefined;
  /** Reads now. */
  reload(): void;
}

const EVERY_MS = 10_000;

/** Reads every ten seconds while somebody looks. `read` must stay the same from render to render (`useMemo`, `useCallback`). */
export function usePolled<T>(read: () => Promise<T>): Polled<T> {
  const [state, setState] = useState<{ read?: typeof read; value?: T; problem?: string }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    const look = (): void => {
      if (document.hidden) return;
      read().then(
        (value) => isOver || setState({ read, value }),
        // What was known stays on the screen beside the problem.
        (error: Error) => isOver || setState((known) => ({ ...known, problem: error.message })),
      );
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      isOver = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [read, round]);
  const reload = useCallback(() => setRound((one) => one + 1), []);
  // The value of another release or channel is none.
  return { problem: state.problem, reload, value: state.read === read ? state.value : undefined };
}
