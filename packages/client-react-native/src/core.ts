// The engine without React Native's JavaScript: for brownfield apps and other view libraries.
export { createOtaOn, type Ota, type OtaOptions, type OtaPlatform } from './create-ota.ts';
export type { NativeBootReason, NativeConstants, NativeModule } from './native/native-module.ts';
export { nativePorts, type NativePortsOptions } from './native/native-ports.ts';
export { engineTimer, type TimerGlobals } from './platform/engine-timer.ts';
export type { OfferedRelease, OtaPhase, OtaState, RunningRelease } from './ota-state.ts';
