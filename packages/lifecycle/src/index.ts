export {
  BOOT_SLOTS,
  type BootRecord,
  emptyBootRecord,
  encodeBootRecord,
  type FailedBundle,
  parseBootRecord,
  safeParseBootRecord,
} from './boot-record.ts';
export { classifyExit, type Exit } from './classify-exit.ts';
export {
  type BootDecision,
  type BootInput,
  type BootReason,
  type BootReasonCode,
  decideBoot,
  decideWithoutWrite,
  type Launch,
} from './decide-boot.ts';
export type { LifecycleErrorCode } from './error.ts';
export {
  EMPTY_INTENT,
  encodeIntentRecord,
  INTENT_SLOTS,
  type IntentRecord,
  parseIntentRecord,
  safeParseIntentRecord,
} from './intent-record.ts';
export { BUDGETS, FAILED_MAX_ENTRIES, RECORD_MAX_BYTES } from './limits.ts';
export { type Marker, type MarkerKind, markerName, parseMarkerName } from './marker.ts';
export { type CleanUpInput, planCleanUp } from './plan-clean-up.ts';
export type { RecordFiles } from './record-files.ts';
export { acknowledgeIntent, type StageRequest, stageIntent, withdrawIntent } from './request.ts';
export { type BootEnvironment, readBootInput, runBoot } from './run-boot.ts';
export { type SelectedSlot, selectSlot, type SlotPair, type SlotState } from './slots.ts';
export type { HashHex, SlotReading } from './text-record.ts';
