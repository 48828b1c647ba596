export {
  BOOT_SLOTS,
  type BootRecord,
  emptyBootRecord,
  encodeBootRecord,
  type FailedBundle,
  parseBootRecord,
  safeParseBootRecord,
} from './boot-record.ts';
export {
  type BootDecision,
  type BootInput,
  type BootReason,
  decideBoot,
  decideWithoutWrite,
  type Launch,
  type Marker,
  type MarkerKind,
  markerName,
  type SlotState,
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
export type { SlotReading } from './text-record.ts';
