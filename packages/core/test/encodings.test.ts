import {
  base64urlToBytes,
  bytesToBase64url,
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  joinBytes,
  equalBytes,
  hexToBytes,
  isSha256Hex,
  utf8ToBytes,
} from '@kivyx-ota/core';
import { createSha256, sha256Hex } from '@kivyx-ota/core/sha256';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

describe('text encodings agree with the platform', () => {
  it('hex', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesToHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(hexToBytes(bytesToHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it('base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesToBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(base64urlToBytes(bytesToBase64url(bytes))).toEqual(bytes);
      }),
    );
  });

  it('UTF-8, both ways, on well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8ToBytes(text)).toEqual(new Uint8Array(Buffer.from(text, 'utf8')));
        expect(bytesToUtf8(utf8ToBytes(text))).toBe(text);
      }),
    );
  });

  it('UTF-8 decoding refuses exactly what a fatal TextDecoder refuses', () => {
    const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const verdict = (decode: (bytes: Uint8Array) => string, bytes: Uint8Array): string | undefined => {
      try {
        return decode(bytes);
      } catch {
        return undefined;
      }
    };
    const nasty = fc.array(
      fc.constantFrom(
        0x00,
        0x7f,
        0x80,
        0xbf,
        0xc0,
        0xc2,
        0xdf,
        0xe0,
        0xa0,
        0xed,
        0x9f,
        0xef,
        0xbb,
        0xf0,
        0x90,
        0xf4,
        0x8f,
        0xf5,
        0xff,
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          nasty.map((list) => Uint8Array.from(list)),
        ),
        (bytes) => {
          expect(verdict(bytesToUtf8, bytes)).toBe(verdict((b) => fatal.decode(b), bytes));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('malformed text is refused', () => {
  it.each(['A', 'AB==', 'A+', 'AB ', 'AA\n', 'AAB', 'AR'])('base64url %j', (text) => {
    expect(() => base64urlToBytes(text)).toThrow(RangeError);
  });
  it.each(['0', 'zz', '0x', ' 0'])('hex %j', (text) => {
    expect(() => hexToBytes(text)).toThrow(RangeError);
  });
  it('a lone surrogate has no UTF-8 form', () => {
    expect(() => utf8ToBytes('\ud800x')).toThrow(RangeError);
    expect(() => utf8ToBytes('\udc00')).toThrow(RangeError);
  });
});

describe('bytes and hashes', () => {
  it('joinBytes takes more parts than a call takes arguments', () => {
    expect(joinBytes(Array.from({ length: 500_000 }, (_, i) => Uint8Array.of(i & 255))).length).toBe(500_000);
  });

  it('concatBytes and equalBytes', () => {
    const joined = concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3));
    expect(equalBytes(joined, Uint8Array.of(1, 2, 3))).toBe(true);
    expect(equalBytes(joined, Uint8Array.of(1, 2))).toBe(false);
    expect(equalBytes(joined, Uint8Array.of(1, 2, 4))).toBe(false);
  });

  it('SHA-256, whole or in chunks, equals the platform', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
        const expected = createHash('sha256')
          .update(concatBytes(...chunks))
          .digest('hex');
        const stream = createSha256();
        for (const chunk of chunks) stream.update(chunk);
        expect(stream.digestHex()).toBe(expected);
        expect(sha256Hex(concatBytes(...chunks))).toBe(expected);
        expect(isSha256Hex(expected)).toBe(true);
        expect(isSha256Hex(expected.toUpperCase() + 'A')).toBe(false);
      }),
    );
  });
});
