export { type PatchHeader, readContainer } from './container.ts';
export type { DeltaError, DeltaErrorCode } from './error.ts';
