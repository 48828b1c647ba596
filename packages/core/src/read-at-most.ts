/** As much of a `ReadableStream` as {@link readAtMost} needs. */
export interface ChunkStream {
  getReader(): ChunkReader;
}

export interface ChunkReader {
  read(): Promise<
    | { readonly done: false; readonly value: Uint8Array }
    | { readonly done: true; readonly value?: Uint8Array | undefined }
  >;
  /** Told that nobody wants the rest. */
  cancel(): Promise<unknown>;
}

const FIRST_BYTES = 16_384;

/**
 * A stream (untrusted), such as the body of a request or an answer, in one new array: an empty one for null, which is a body that is
 * not there; undefined as soon as it has more than `maxSizeBytes`, and then it is cancelled. Holds at most three times `maxSizeBytes`,
 * whatever the chunks are like: a sender may send single bytes.
 *
 * Rejects as the stream does; how long it may take is the caller's affair.
 */
export async function readAtMost(
  stream: ChunkStream | null,
  maxSizeBytes: number,
): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array();
  const reader = stream.getReader();
  let buffer = new Uint8Array(Math.min(FIRST_BYTES, maxSizeBytes));
  let sizeBytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const end = sizeBytes + next.value.length;
    if (end > maxSizeBytes) {
      // Who sends too much is not waited for.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    if (end > buffer.length) {
      const larger = new Uint8Array(Math.min(maxSizeBytes, Math.max(end, 2 * buffer.length)));
      larger.set(buffer.subarray(0, sizeBytes));
      buffer = larger;
    }
    buffer.set(next.value, sizeBytes);
    sizeBytes = end;
  }
  return buffer.slice(0, sizeBytes);
}
