import { isOtaError } from '@kivyx-ota/core';
import type { Adoption, ControlPlane } from '@kivyx-ota/publisher';
import { readBytes } from './read-file.ts';
import { usageError } from './usage-error.ts';

/**
 * How many devices run which release: from a file that somebody's telemetry wrote, else from the server. Without either patches start
 * from the newest releases, which `remarks` says when there is a server that could know better.
 *
 * @throws ERR_CLI_USAGE
 */
export async function readAdoption(
  path: string | undefined,
  control: ControlPlane | undefined,
): Promise<{ readonly adoption?: readonly Adoption[]; readonly remarks: readonly string[] }> {
  if (path !== undefined) return { adoption: await readFigures(path), remarks: [] };
  if (control === undefined) return { remarks: [] };
  try {
    return { adoption: await control.readAdoption(), remarks: [] };
  } catch (error) {
    if (!isOtaError(error, 'ERR_PUBLISH_SERVER')) throw error;
    // Nothing was published to the channel yet.
    if (error.details['status'] === 404) return { remarks: [] };
    return { remarks: [`Patches start from the newest releases, not from those in use: ${error.message}`] };
  }
}

async function readFigures(path: string): Promise<readonly Adoption[]> {
  const words = `${path} is not JSON like [{ "releaseId": "1.0.0-…", "devices": 1200 }]`;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await readBytes(path)));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageError(words);
    throw error;
  }
  const sound =
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        typeof one === 'object' &&
        one !== null &&
        typeof (one as Adoption).releaseId === 'string' &&
        Number.isSafeInteger((one as Adoption).devices) &&
        (one as Adoption).devices >= 0,
    );
  if (!sound) throw usageError(words);
  return value as readonly Adoption[];
}
