// Everything for React; no native module is looked up here, so that an app's tests can import it.
export type { Ota, OtaOptions } from './create-ota.ts';
export type { OfferedRelease, OtaPhase, OtaState, RunningRelease } from './ota-state.ts';
export { OtaGate, type OtaGateProps } from './react/ota-gate.ts';
export { OtaProvider } from './react/ota-context.ts';
export { useOta, useOtaActions } from './react/use-ota.ts';
export { sentryContext } from './sentry-context.ts';
export { addOtaMenuItems, type DevMenu, type Tell } from './dev-menu.ts';
