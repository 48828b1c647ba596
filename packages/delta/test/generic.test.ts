import { isOtaError } from '@kivyx-ota/core';
import { readContainer } from '@kivyx-ota/delta';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { choosePatch, createPatch, suffixArrayDiffer } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffBetweenEnds } from '../src/generic/diff-between-ends.ts';
import { buildSuffixArray } from '../src/generic/suffix-array.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const PROGRAM = Array.from(
  { length: 800 },
  (_, i) => `function f${i}(a,b){return a*${(i * 7919) % 1000}+b-${(i * 104_729) % 977};}`,
).join('\n');

describe('suffix array', () => {
  const naive = (bytes: Uint8Array): number[] =>
    Array.from(bytes, (_, i) => i).sort((a, b) =>
      Buffer.compare(Buffer.from(bytes.subarray(a)), Buffer.from(bytes.subarray(b))),
    );
  it('is the order of all suffixes', () => {
    const few = fc
      .array(fc.integer({ max: 2, min: 0 }), { maxLength: 200 })
      .map((list) => Uint8Array.from(list));
    fc.assert(
      fc.property(fc.oneof(few, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        expect(Array.from(buildSuffixArray(bytes))).toEqual(naive(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('generic patches', () => {
  const edits = fc.array(
    fc.record({ at: fc.nat(), drop: fc.nat(30), put: fc.uint8Array({ maxLength: 30 }) }),
    { maxLength: 8 },
  );
  const pair = fc.tuple(fc.uint8Array({ maxLength: 600, size: 'max' }), edits).map(([base, list]) => {
    const target = Array.from(base);
    for (const { at, drop, put } of list) target.splice(at % (target.length + 1), drop, ...put);
    return [base, Uint8Array.from(target)] as const;
  });

  it.each(['kvm1', 'kvd1'] as const)('%s: give back exactly the target', async (wanted) => {
    await fc.assert(
      fc.asyncProperty(pair, async ([base, target]) => {
        const { bytes, format } = await createPatch(base, target, { formats: [wanted] });
        expect(await applyPatch(base, bytes, { moreFormats: [kvd1] })).toEqual(target);
        expect(readContainer(bytes).header).toMatchObject({
          baseSizeBytes: base.length,
          format,
          targetSizeBytes: target.length,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('look only between what both files begin and end with', () => {
    fc.assert(
      fc.property(pair, ([base, target]) => {
        const looked: number[] = [];
        const steps = diffBetweenEnds(
          (a, b) => {
            looked.push(a.length, b.length);
            if (a.length > 0 && b.length > 0) {
              expect(a[0]).not.toBe(b[0]);
              expect(a[a.length - 1]).not.toBe(b[b.length - 1]);
            }
            return suffixArrayDiffer(a, b);
          },
          base,
          target,
        );
        expect(looked).toHaveLength(2);
        const made: number[] = [];
        let from = 0;
        steps.forEach(({ addLength, extraLength, seek }, i) => {
          // Nothing is empty but the first, which may only move.
          expect(addLength + extraLength > 0 || i === 0).toBe(true);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(from + addLength).toBeLessThanOrEqual(base.length);
          made.push(...target.subarray(made.length, made.length + addLength + extraLength));
          from += addLength + seek;
        });
        expect(Uint8Array.from(made)).toEqual(target);
      }),
      { numRuns: 500 },
    );
    const program = text(PROGRAM);
    const changed = text(PROGRAM.replace('f400(a,b)', 'f400(b,a)'));
    const sizes: number[] = [];
    diffBetweenEnds((a, b) => (sizes.push(a.length, b.length), suffixArrayDiffer(a, b)), program, changed);
    expect(Math.max(...sizes)).toBeLessThan(10);
  });

  it('of bytes whose references all moved by the same distance cost next to nothing', async () => {
    // Records of 12 bytes with an address of 4, as function headers are: bsdiff leaves a difference, and sometimes its carry, in each.
    const table = (shift: number): Uint8Array => {
      const bytes = new Uint8Array(12 * 10_000);
      const view = new DataView(bytes.buffer);
      for (let i = 0, address = 240_000; i < 10_000; i++, address += 20 + ((i * 7919) % 61)) {
        view.setUint32(12 * i, address + shift, true);
        view.setUint32(12 * i + 4, Math.imul(i, 0x9e3779b1), true);
      }
      return bytes;
    };
    const [base, target] = [table(0), table(48)];
    const { bytes } = await createPatch(base, target, { formats: ['kvm1'] });
    expect(bytes.length).toBeLessThan(400);
    expect(await applyPatch(base, bytes)).toEqual(target);
  });

  it('are as long as the work that they ask for, where so much is regular that fewer bytes would say it', async () => {
    // A difference in every record: 4 bits of work for each byte of target, and nothing to say.
    const records = (shift: number): Uint8Array =>
      Uint8Array.from(
        { length: 50_000 },
        (_, i) => (Math.imul(i, 0x9e3779b1) >>> 24) + (i % 4 === 0 ? shift : 0),
      );
    for (const [base, target] of [
      [records(0), records(1)],
      [text(PROGRAM), new Uint8Array(50_000)],
    ] as const) {
      const { bytes, format } = await createPatch(base, target);
      expect(format).toBe('kvm1');
      expect(bytes.length).toBeLessThan(600);
      expect(await applyPatch(base, bytes)).toEqual(target);
      // The last byte is one of those that were added: without it the device would stop.
      await expect(applyPatch(base, bytes.slice(0, -1))).rejects.toMatchObject({ code: 'ERR_DELTA_LIMIT' });
    }
  });

  it('of a one-line change in 40 kB are below 200 bytes', async () => {
    const [base, target] = [text(PROGRAM), text(PROGRAM.replace('return a*', 'return 2*a*'))];
    const { bytes } = await createPatch(base, target);
    expect(bytes.length).toBeLessThan(200);
    expect(await applyPatch(base, bytes)).toEqual(target);
  });

  it('are offered below 60 % of the full size only', async () => {
    const [base, target] = [text(PROGRAM), text(`${PROGRAM}\n// more`)];
    const { bytes } = await createPatch(base, target);
    expect(
      await choosePatch(base, target, { fullSizeBytes: Math.ceil(bytes.length / 0.6) + 1 }),
    ).toBeDefined();
    expect(
      await choosePatch(base, target, { fullSizeBytes: Math.floor(bytes.length / 0.6) - 1 }),
    ).toBeUndefined();
  });
});

describe('hostile patches', () => {
  it('every truncation, and every flipped bit, is refused with a typed error', async () => {
    const [base, target] = [text(PROGRAM.slice(0, 3000)), text(PROGRAM.slice(0, 2900).replace('b-', 'b+'))];
    const { bytes } = await createPatch(base, target);
    for (let length = 0; length < bytes.length; length++)
      await expect(applyPatch(base, bytes.slice(0, length))).rejects.toSatisfy((e) => isOtaError(e));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const mutant = bytes.slice();
      mutant[bit >> 3] = (mutant[bit >> 3] as number) ^ (1 << (bit & 7));
      const result = await applyPatch(base, mutant, { maxTargetSizeBytes: 100_000 }).catch(
        (error: unknown) => error,
      );
      // A bit that deflate does not look at may be harmless; then the result is still the right one.
      if (result instanceof Uint8Array) expect(result).toEqual(target);
      else expect(isOtaError(result), `bit ${bit}: ${String(result)}`).toBe(true);
    }
  });

  it('random bodies are refused with a typed error', async () => {
    const base = text(PROGRAM.slice(0, 500));
    const { bytes } = await createPatch(base, text(PROGRAM.slice(0, 400)), { formats: ['kvd1'] });
    const head = bytes.slice(0, bytes.length - readContainer(bytes).body.length);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        await expect(
          applyPatch(base, Uint8Array.from([...head, ...body]), { moreFormats: [kvd1] }),
        ).rejects.toSatisfy((e) => isOtaError(e));
      }),
      { numRuns: 2000 },
    );
  });

  // regressions.md 15
  it('another base, a huge declared size, no patch at all', async () => {
    const [base, target] = [text('abc'.repeat(100)), text('abd'.repeat(100))];
    const { bytes } = await createPatch(base, target);
    await expect(applyPatch(target, bytes)).rejects.toMatchObject({ code: 'ERR_DELTA_BASE' });
    await expect(applyPatch(base, bytes, { maxTargetSizeBytes: 299 })).rejects.toMatchObject({
      code: 'ERR_DELTA_LIMIT',
    });
    await expect(applyPatch(base, text('BSDIFF40'))).rejects.toMatchObject({ code: 'ERR_DELTA_FORMAT' });
    const other = bytes.slice();
    other[3] = 99;
    await expect(applyPatch(base, other)).rejects.toMatchObject({ code: 'ERR_DELTA_UNKNOWN_FORMAT' });
  });

  it('may begin with a move, and carry moves that make nothing', async () => {
    const base = text('abcdefgh');
    const target = text('efghXabcd');
    const { bytes } = await createPatch(base, target, {
      formats: ['kvd1'],
      differ: () => [
        { addLength: 0, extraLength: 0, seek: 4 },
        { addLength: 4, extraLength: 1, seek: -4 },
        { addLength: 0, extraLength: 0, seek: -4 },
        { addLength: 4, extraLength: 0, seek: 0 },
      ],
    });
    expect(await applyPatch(base, bytes, { moreFormats: [kvd1] })).toEqual(target);
  });

  it('in a format that was not passed in: refused by the device, not offered by the publisher', async () => {
    const [base, target] = [text(PROGRAM), new Uint8Array(300_000)];
    const { bytes } = await createPatch(base, target, { formats: ['kvd1'] });
    await expect(applyPatch(base, bytes)).rejects.toMatchObject({ code: 'ERR_DELTA_UNKNOWN_FORMAT' });
    const patch = await createPatch(base, text('{}'), { formats: ['kvh1'] });
    expect(patch.format).toBe('kvd1');
    expect(
      await choosePatch(base, text('{}'), { formats: ['kvh1'], fullSizeBytes: target.length }),
    ).toBeUndefined();
  });
});
