import { bytesToHex, concatBytes, hexToBytes, isOtaError } from '@kivyx-ota/core';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { encodeCbor } from '@kivyx-ota/cose/sign';
import { Decoder } from 'cbor-x/decode';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const { value } = fc.letrec<{ value: CborValue; leaf: CborValue }>((tie) => ({
  leaf: fc.oneof(
    fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
    fc.integer({ min: -300, max: 70_000 }),
    fc.string({ unit: 'grapheme' }).filter((text) => !text.startsWith('\ufeff')),
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(true, false, null),
  ),
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(
        fc.tuple(
          fc.oneof(
            fc.integer(),
            fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
            fc.string().filter((t) => !t.startsWith('\ufeff')),
          ),
          tie('value'),
        ),
        { maxLength: 5 },
      )
      .map((entries) => new Map(entries)),
  ),
}));

describe('the deterministic CBOR profile', () => {
  it('decode(encode(x)) = x', () => {
    fc.assert(
      fc.property(value, (x) => {
        expect(decodeCbor(encodeCbor(x))).toEqual(x);
      }),
      { numRuns: 500 },
    );
  });

  it('what it accepts means the same to cbor-x', () => {
    const decoder = new Decoder({ int64AsNumber: true, mapsAsObjects: false, useRecords: false } as object);
    // A Buffer is a Uint8Array to everybody else, but not to toEqual.
    const plain = (x: unknown): unknown =>
      x instanceof Uint8Array
        ? new Uint8Array(x)
        : Array.isArray(x)
          ? x.map(plain)
          : x instanceof Map
            ? new Map([...x].map(([key, inner]) => [key, plain(inner)]))
            : x;
    fc.assert(
      fc.property(value, (x) => {
        const bytes = encodeCbor(x);
        expect(plain(decoder.decode(bytes))).toEqual(decodeCbor(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('the order of insertion does not change the bytes', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.oneof(fc.integer(), fc.string()), fc.integer()), {
          selector: ([key]) => key,
        }),
        (entries) => {
          const forward = encodeCbor(new Map(entries));
          expect(encodeCbor(new Map(entries.slice().reverse()))).toEqual(forward);
        },
      ),
    );
  });

  it('any bytes are refused with a typed error or are the one encoding of what they decode to', () => {
    const mutated = fc
      .tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([x, edits]) => {
        const bytes = encodeCbor(x);
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (bytes) => {
        let decoded: CborValue;
        try {
          decoded = decodeCbor(bytes);
        } catch (error) {
          expect(isOtaError(error)).toBe(true);
          return;
        }
        expect(bytesToHex(encodeCbor(decoded))).toBe(bytesToHex(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['empty input', '', 'ERR_CBOR_MALFORMED'],
    ['trailing byte', '0000', 'ERR_CBOR_MALFORMED'],
    ['truncated head', '19ff', 'ERR_CBOR_MALFORMED'],
    ['reserved additional information', '1c', 'ERR_CBOR_MALFORMED'],
    ['array that claims 2^32−1 items', '9affffffff', 'ERR_CBOR_MALFORMED'],
    ['byte string that claims 2^53−1 bytes', '5b001fffffffffffff', 'ERR_CBOR_MALFORMED'],
    ['invalid UTF-8', '61ff', 'ERR_CBOR_MALFORMED'],
    ['UTF-8 of a surrogate', '63eda080', 'ERR_CBOR_MALFORMED'],
    ['longer head than needed', '1817', 'ERR_CBOR_NOT_DETERMINISTIC'],
    ['indefinite array', '9fff', 'ERR_CBOR_NOT_DETERMINISTIC'],
    ['unsorted keys', 'a202000100', 'ERR_CBOR_NOT_DETERMINISTIC'],
    ['duplicate keys', 'a201000100', 'ERR_CBOR_NOT_DETERMINISTIC'],
    ['float', 'f93c00', 'ERR_CBOR_FORBIDDEN'],
    ['undefined', 'f7', 'ERR_CBOR_FORBIDDEN'],
    ['tag inside', '81c001', 'ERR_CBOR_FORBIDDEN'],
    ['2^53', '1b0020000000000000', 'ERR_CBOR_FORBIDDEN'],
    ['−2^53', '3b001fffffffffffff', 'ERR_CBOR_FORBIDDEN'],
    ['byte string as key', 'a14000', 'ERR_CBOR_FORBIDDEN'],
    ['leading byte order mark', '63efbbbf', 'ERR_CBOR_FORBIDDEN'],
    ['depth 17', `${'81'.repeat(17)}00`, 'ERR_CBOR_LIMIT'],
  ])('%s is refused', (_name, hex, code) => {
    expect(() => decodeCbor(hexToBytes(hex))).toThrow(expect.objectContaining({ code }));
  });

  it('takes depth 16 and the largest integers', () => {
    expect(() => decodeCbor(hexToBytes(`${'81'.repeat(16)}00`))).not.toThrow();
    expect(decodeCbor(hexToBytes('1b001fffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decodeCbor(hexToBytes('3b001ffffffffffffe'))).toBe(-Number.MAX_SAFE_INTEGER);
  });

  it('stops at the item limit instead of walking a megabyte of nulls', () => {
    const many = concatBytes(hexToBytes('9a000f4240'), new Uint8Array(1_000_000).fill(0xf6));
    expect(() => decodeCbor(many)).toThrow(expect.objectContaining({ code: 'ERR_CBOR_LIMIT' }));
  });

  it.each([[1.5], [undefined], [{}], [2 ** 53], ['\ud800'], [new Map([[1.5, 1]])], [10n]])(
    'encoding %s is a programmer error',
    (bad) => {
      expect(() => encodeCbor(bad as never)).toThrow(TypeError);
    },
  );

  it('results are plain Uint8Array, also from a Buffer, and do not alias the input', () => {
    const input = Buffer.from('820143aabbcc', 'hex');
    const [, bytes] = decodeCbor(input) as [number, Uint8Array];
    expect(bytes.constructor).toBe(Uint8Array);
    input.fill(0);
    expect(bytesToHex(bytes)).toBe('aabbcc');
  });
});
