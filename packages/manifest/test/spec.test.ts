// What docs/spec publishes is what the code does.
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { parsePublicKey } from '@kivyx-ota/cose';
import { createLocalSigner, generateKeyPair, signSign1 } from '@kivyx-ota/cose/sign';
import { inspectUnverified, trustRootToJson } from '@kivyx-ota/manifest/inspect';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DocumentVector, documentVectors } from '../scripts/document-vectors.ts';
import { jsonSchemas } from '../scripts/json-schemas.ts';
import { code, sampleRoot, signRoot } from './root-samples.ts';
import { index, manifest } from './samples.ts';
import { manifestVerdicts } from './suite/verdicts.ts';

const specFile = (name: string): string =>
  readFileSync(new URL(`../../../docs/spec/${name}`, import.meta.url), 'utf8');
const vectors = JSON.parse(specFile('vectors/documents.json')) as DocumentVector[];

describe('the published vectors', () => {
  it('are what the script makes', async () => {
    expect(vectors).toEqual(JSON.parse(JSON.stringify(await documentVectors())));
    expect(vectors.filter(({ refused }) => refused !== undefined).length).toBeGreaterThan(10);
  });

  it.each(manifestVerdicts)('$title', ({ expected, verdict }) => {
    expect(verdict()).toBe(expected);
  });
});

describe('the published JSON Schemas', () => {
  const schemas = jsonSchemas();
  const validator = (name: string) =>
    new Ajv2020({ strict: false }).compile(JSON.parse(specFile(`schema/${name}.schema.json`)) as object);

  it.each(Object.keys(schemas))('%s is what the code validates with', (name) => {
    expect(JSON.parse(specFile(`schema/${name}`))).toEqual(JSON.parse(schemas[name] as string));
  });

  it('accept the samples and refuse what lacks a member or has one too many', () => {
    for (const [name, sample] of [
      ['manifest', manifest],
      ['channel-index', index],
      ['trust-root', trustRootToJson(sampleRoot(1, [0], 1))],
    ] as const) {
      const validate = validator(name);
      expect(validate(sample), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...sample, surprise: 1 })).toBe(false);
      const { project: _project, ...rest } = sample;
      expect(validate(rest)).toBe(false);
    }
  });
});

describe('inspectUnverified', () => {
  const pair = generateKeyPair();
  const signer = createLocalSigner(pair.privateKeyPem);

  it('shows an index and says that nobody has verified it', async () => {
    const { envelope, payload } = await signChannelIndex(index, signer);
    expect(inspectUnverified(envelope)).toEqual({
      document: index,
      envelopeSha256Hex: sha256Hex(envelope),
      issuer: 'acme',
      payloadSha256Hex: sha256Hex(payload),
      signatures: [{ algorithmId: -7, kidHex: pair.publicKey.kidHex }],
      sizeBytes: envelope.length,
      subject: 'cafe/android/production',
      type: 'channelIndex',
      unverified: true,
    });
  });

  it('shows all signers of a root, and keys that can be read back', async () => {
    const view = inspectUnverified(await signRoot(sampleRoot(1, [0, 1], 2), [0, 1]));
    expect(view).toMatchObject({ type: 'trustRoot', unverified: true });
    expect(view.signatures).toHaveLength(2);
    const { keys } = view.document as ReturnType<typeof trustRootToJson>;
    expect(keys.map((key) => parsePublicKey(key).kidHex)).toEqual(
      sampleRoot(1, [0, 1], 2).keys.map((k) => k.kidHex),
    );
  });

  it('refuses what is no document of ours, with a typed error', async () => {
    const other = await signSign1(new Uint8Array([0xa0]), { signer, type: 'text/plain' });
    expect(() => inspectUnverified(other)).toThrow(code('ERR_DOCUMENT_SHAPE'));
    expect(() => inspectUnverified(new Uint8Array([0x80]))).toThrow(code('ERR_DOCUMENT_SHAPE'));
    expect(() => inspectUnverified(new Uint8Array(2_000_000))).toThrow(code('ERR_DOCUMENT_SIZE'));
    const broken = (await signChannelIndex(index, signer)).envelope;
    expect(
      inspectUnverified(broken.map((byte, i) => (i === broken.length - 1 ? byte ^ 1 : byte))).unverified,
    ).toBe(true);
  });
});
