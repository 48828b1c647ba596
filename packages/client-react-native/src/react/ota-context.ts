import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useEffect,
} from 'react';
import type { Ota } from '../create-ota.ts';

/** The app's {@link Ota}, for the hooks below it. */
export const OtaContext: Context<Ota | undefined> = createContext<Ota | undefined>(undefined);

/** Gives `ota` to every `useOta()` below, and starts it. */
export function OtaProvider({
  ota,
  children,
}: {
  readonly ota: Ota;
  readonly children?: ReactNode;
}): ReactElement {
  useEffect(() => {
    // Errors are in the state; `start` rejects only when the device's own storage fails, and then the app runs on.
    ota.start().catch(() => undefined);
    return () => ota.stop();
  }, [ota]);
  return createElement(OtaContext.Provider, { value: ota }, children);
}
