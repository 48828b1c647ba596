// Whoever writes an adapter has its methods' arguments from one place.
export type { ChannelScope } from '@kivyx-ota/manifest';
export {
  type AdoptionHour,
  type ApiKeyRecord,
  type ApiScope,
  type AuditEntry,
  type ChannelCommit,
  type ChannelHead,
  type CommitResult,
  type MarkCount,
  type OtaDatabase,
  type Page,
  type StoredAuditEntry,
  type StoredEvent,
  type StoredRelease,
} from './ota-database.ts';
export { type DatabaseError, type DatabaseErrorCode, databaseError } from './error.ts';
export { memoryDatabase } from './memory-database.ts';
export { channelKey } from './channel-key.ts';
export { collectExpired, type CollectedExpired, type CollectExpiredOptions } from './collect-expired.ts';
