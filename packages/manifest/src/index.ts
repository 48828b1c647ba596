export {
  type ChannelIndex,
  type IndexRelease,
  parseChannelIndex,
  type PatchRef,
  type ReleaseStatus,
} from './documents/channel-index.ts';
export {
  type AssetFile,
  type FileEntry,
  type LaunchFile,
  type Manifest,
  parseManifest,
} from './documents/manifest.ts';
export { isTargetingRule, type RuleValue, type TargetingRule } from './documents/targeting-rule.ts';
export { type IndexRole, parseTrustRoot, type RoleKeys, type TrustRoot } from './documents/trust-root.ts';
export type { ManifestError, ManifestErrorCode } from './error.ts';
export {
  attestationKey,
  indexKey,
  indexLogKey,
  indexLogPrefix,
  manifestKey,
  objectKey,
  patchKey,
  rootKey,
} from './layout.ts';
export { LIMITS } from './limits.ts';
export { MEDIA_TYPES } from './media-types.ts';
export { checkPathsTogether, isReleasePath } from './paths.ts';
export { type AppScope, type ChannelScope, checkScope, type Platform, scopeSubject } from './scope.ts';
export {
  checkEpoch,
  checkRootExpiry,
  keysForRole,
  openInitialRoot,
  rootFromKeys,
  type SigningRole,
  verifyRootStep,
  walkRootChain,
} from './trust.ts';
export { type Verified, verifyChannelIndex, verifyManifest, type VerifyOptions } from './verify.ts';
