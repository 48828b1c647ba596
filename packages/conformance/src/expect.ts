import { equalBytes, isOtaError } from '@kivyx-ota/core';

/** Fails the case with `message` unless `condition` holds. */
export function expectThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Fails unless both are the same bytes. */
export function expectBytes(actual: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  expectThat(actual !== undefined, `${what}: nothing came back`);
  expectThat(
    equalBytes(actual, expected),
    `${what}: other bytes came back (${actual.length} for ${expected.length})`,
  );
}

/** Fails unless `work` rejects with an OtaError of `code`. */
export async function expectCode(work: Promise<unknown>, code: string, what: string): Promise<void> {
  let error: unknown;
  try {
    await work;
  } catch (caught) {
    error = caught;
  }
  expectThat(error !== undefined, `${what}: expected ${code}, but it was accepted`);
  expectThat(isOtaError(error, code), `${what}: expected an OtaError with ${code}, got ${String(error)}`);
}
