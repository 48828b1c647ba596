import { concatBytes, utf8ToBytes } from '@kivyx-ota/core';
import { sha256 } from '@kivyx-ota/core/sha256';

/** Buckets are hundredths of a percent. */
const BUCKETS = 10_000;
const PREFIX = 'kivyx-rollout-v1';

/**
 * The place of a device in the rollout of one release: 0 … 9,999, uniform, the same everywhere and for ever.
 * A device is in when its bucket is below the rollout in basis points, so growing keeps everyone.
 *
 * First 48 bits, big-endian, of SHA-256("kivyx-rollout-v1" 00 salt 00 deviceId) mod 10,000. The remainder's bias is
 * below 10⁻¹⁰. Another salt (each release has its own) gives an independent order: nobody is a canary every time.
 */
export function bucketOf(salt: string, deviceId: string): number {
  const zero = Uint8Array.of(0);
  const digest = sha256(
    concatBytes(utf8ToBytes(PREFIX), zero, utf8ToBytes(salt), zero, utf8ToBytes(deviceId)),
  );
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + (digest[i] as number);
  return value % BUCKETS;
}
