import { type ChunkReader, type ChunkStream, equalBytes, joinBytes, readAtMost } from '@kivyx-ota/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function readerOf(chunks: readonly Uint8Array[]): ChunkReader & { readonly asked: () => number } {
  let at = 0;
  let isCancelled = false;
  return {
    asked: () => (isCancelled ? -at : at),
    cancel: async () => {
      isCancelled = true;
    },
    read: async () => {
      const value = chunks[at++];
      return value === undefined ? { done: true } : { done: false, value };
    },
  };
}

const streamOf = (reader: ChunkReader): ChunkStream => ({ getReader: () => reader });

describe('readAtMost', () => {
  it('gives nothing of a body that is not there', async () => {
    expect(await readAtMost(null, 10)).toEqual(new Uint8Array());
  });

  it('gives what came, however it was cut, and nothing of what is larger', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 30_000 }), { maxLength: 12 }),
        fc.nat({ max: 200_000 }),
        async (sizes, maxSizeBytes) => {
          const chunks = sizes.map((sizeBytes, i) => new Uint8Array(sizeBytes).fill(i));
          const whole = joinBytes(chunks);
          const read = await readAtMost(streamOf(readerOf(chunks)), maxSizeBytes);
          if (whole.length > maxSizeBytes) expect(read).toBeUndefined();
          else expect(equalBytes(read ?? new Uint8Array(1), whole)).toBe(true);
        },
      ),
    );
  });

  it('asks for no chunk more than it needs to know, and cancels', async () => {
    const reader = readerOf(Array.from({ length: 100 }, () => new Uint8Array(10)));
    expect(await readAtMost(streamOf(reader), 25)).toBeUndefined();
    expect(reader.asked()).toBe(-3);
  });

  it('keeps no chunk: a sender may fill its buffer again', async () => {
    const one = new Uint8Array(4);
    let count = 0;
    const read = async (): ReturnType<ChunkReader['read']> =>
      ++count > 3 ? { done: true } : { done: false, value: one.fill(count) };
    expect(await readAtMost(streamOf({ cancel: async () => undefined, read }), 100)).toEqual(
      Uint8Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3),
    );
  });

  it('rejects as the stream does, and does not mind one that cannot be cancelled', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('line broke'));
    await expect(readAtMost(streamOf({ cancel: broken, read: broken }), 10)).rejects.toThrow('line broke');
    const read = async () => ({ done: false, value: new Uint8Array(11) }) as const;
    expect(await readAtMost(streamOf({ cancel: broken, read }), 10)).toBeUndefined();
  });
});
