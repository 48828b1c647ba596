import type { IndexRelease } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';

/** What a server says after a verb. */
export interface ControlResult {
  readonly release: IndexRelease;
  readonly sequence: number;
  /** False when it was so already. */
  readonly changed: boolean;
}

/** @throws ERR_PUBLISH_SERVER when `answer` (untrusted) is not one */
export function readControlResult(answer: unknown): ControlResult {
  const { changed, release, sequence } = (answer ?? {}) as Partial<ControlResult>;
  if (!isRelease(release) || typeof sequence !== 'number' || typeof changed !== 'boolean')
    throw unexpectedAnswer();
  return { changed, release, sequence };
}

/** As far as a publisher looks into it. */
export function isRelease(value: unknown): value is IndexRelease {
  const { patches, releaseId, status, version, versionCode } = (value ?? {}) as Partial<IndexRelease>;
  return (
    typeof releaseId === 'string' &&
    typeof version === 'string' &&
    typeof status === 'string' &&
    Number.isSafeInteger(versionCode) &&
    Array.isArray(patches)
  );
}

export function unexpectedAnswer(): Error {
  return publishError('ERR_PUBLISH_SERVER', 'The server answers something else than expected: is it one?');
}
