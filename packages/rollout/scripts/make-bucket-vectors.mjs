// Makes docs/spec/vectors/bucket.json with Node's own SHA-256, independent of the package it tests.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const cases = [];
for (const salt of ['r1', 'release-2026-11', '', 'ünïcode', '🚀']) {
  for (const deviceId of ['device-1', 'DEVICE-1', '', 'a'.repeat(200), 'é', '0'.repeat(36)]) {
    const digest = createHash('sha256').update(`kivyx-rollout-v1\0${salt}\0${deviceId}`).digest();
    cases.push({ bucket: digest.readUIntBE(0, 6) % 10_000, deviceId, salt });
  }
}
writeFileSync(
  new URL('../../../docs/spec/vectors/bucket.json', import.meta.url),
  `${JSON.stringify(cases, null, 1)}\n`,
);
