import { isOtaError } from '@kivyx-ota/core';
import type { Session } from './session.ts';

/** How patches to a release fared, by device. */
export interface PatchRate {
  readonly hits: number;
  readonly fallbacks: number;
}

/** What the server's telemetry says; undefined without a server, a key for it, or figures. */
export async function readPatchRate(session: Session, releaseId: string): Promise<PatchRate | undefined> {
  try {
    const devices = await session.control()?.readFunnel(releaseId);
    const { patch_fallback: fallbacks = 0, patch_hit: hits = 0 } = devices ?? {};
    return hits + fallbacks === 0 ? undefined : { fallbacks, hits };
  } catch (error) {
    // Explaining needs no key, and no telemetry.
    if (isOtaError(error, 'ERR_CLI_USAGE') || isOtaError(error, 'ERR_PUBLISH_SERVER')) return undefined;
    throw error;
  }
}

/** The same in words. */
export function describePatchRate({ fallbacks, hits }: PatchRate): string {
  const count = (devices: number): string => `${devices} ${devices === 1 ? 'device' : 'devices'}`;
  return `${count(hits)} came to it by a patch, ${count(fallbacks)} fell back to the whole file.`;
}
