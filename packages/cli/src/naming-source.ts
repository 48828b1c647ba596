import { isOtaError, OtaError } from '@kivyx-ota/core';

/** Runs `work` over what was read from `source`, a file or a variable, and has its errors name that. */
export async function namingSource<T>(source: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOtaError(error)) throw error;
    throw new OtaError(error.code, `${source}: ${error.message}`, { cause: error, details: error.details });
  }
}
