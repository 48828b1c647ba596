import { createPublicKey, verify } from 'node:crypto';
import { hexToBytes } from '@kivyx-ota/core';
import { es256 } from '@kivyx-ota/cose';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Es256Vector, es256Vectors, WYCHEPROOF_FLAGS } from '../scripts/es256-vectors.ts';
import { sign1Vectors } from '../scripts/sign1-vectors.ts';
import { encodeSpki } from '../src/key/spki.ts';
import { cborVerdicts, coseVerdicts } from './suite/verdicts.ts';

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../docs/spec/vectors/${name}.json`, import.meta.url), 'utf8'));

describe('every vector gets its verdict', () => {
  it.each(coseVerdicts)('$title', ({ expected, verdict }) => {
    expect(verdict()).toBe(expected);
  });

  it('and all of RFC 8949 appendix A is there', () => {
    expect(cborVerdicts.length).toBe(82);
    expect(cborVerdicts.filter(({ expected }) => expected !== 'refused').length).toBe(35);
  });
});

describe('the published vectors', () => {
  it('are what the scripts make', async () => {
    expect(published('es256')).toEqual(es256Vectors());
    expect(published('sign1')).toEqual(JSON.parse(JSON.stringify(await sign1Vectors())));
  });

  it('of ES256: OpenSSL has the same opinion of each', () => {
    const opinions = (published('es256') as readonly Es256Vector[]).map((vector) => {
      const key = createPublicKey({
        format: 'der',
        key: Buffer.from(encodeSpki(es256, hexToBytes(vector.keyHex))),
        type: 'spki',
      });
      return {
        ...vector,
        valid: verify(
          'sha256',
          Buffer.from(vector.messageHex, 'hex'),
          { dsaEncoding: 'ieee-p1363', key },
          Buffer.from(vector.signatureHex, 'hex'),
        ),
      };
    });
    expect(opinions).toEqual(published('es256'));
  });

  it('of ES256 cover every class that Wycheproof names', () => {
    const flags = (published('es256') as readonly Es256Vector[]).map(({ flag }) => flag);
    expect([...new Set(flags)].toSorted()).toEqual(WYCHEPROOF_FLAGS);
    const names = (published('es256') as readonly Es256Vector[]).map(({ name }) => name).join('\n');
    for (const part of [
      'high S',
      's = 1 / 2^128',
      'beyond n, not reduced',
      'infinity',
      'u1·G = u2·Q',
      's = n + 5',
    ])
      expect(names).toContain(part);
  });
});
