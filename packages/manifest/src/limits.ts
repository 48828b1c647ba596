/**
 * Caps that hold before anything is parsed or allocated. Sizes in bytes, times in seconds.
 * Everything above is refused; reading stops at the cap plus one.
 * 256 KiB, 1 MiB, 64 KiB, 64 MiB, 256 MiB; an index lives at most 7 days.
 */
export const LIMITS = {
  indexSizeBytes: 262_144,
  manifestSizeBytes: 1_048_576,
  rootSizeBytes: 65_536,
  /** Headers and signatures around a payload: an envelope may be this much larger than the cap of its document. */
  envelopeOverheadBytes: 8192,
  objectSizeBytes: 67_108_864,
  releaseSizeBytes: 268_435_456,
  /** Launch file included. */
  files: 5000,
  releases: 1000,
  patchesPerRelease: 32,
  metadataSizeBytes: 4096,
  targetingSizeBytes: 4096,
  targetingDepth: 8,
  pathSizeBytes: 240,
  pathSegments: 16,
  rootKeys: 64,
  /** Twice this, old keys and new, are the 32 signatures that an envelope may hold. */
  rootThreshold: 16,
  rootSteps: 32,
  indexLifetimeSeconds: 604_800,
} as const;
