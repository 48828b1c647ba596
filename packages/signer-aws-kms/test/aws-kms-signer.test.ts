import { KMSClient } from '@aws-sdk/client-kms';
import { parsePublicKey, verifySign1 } from '@kivyx-ota/cose';
import { generateKeyPair, signSign1 } from '@kivyx-ota/cose/sign';
import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeKms, startFakeKms } from '@kivyx-ota/runtime-tests/fake-kms';

const ACCOUNT = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret for tests' } as const;
let kms: FakeKms;
let keyArn: string;
beforeAll(async () => {
  kms = await startFakeKms(ACCOUNT);
});
afterAll(() => kms.close());
beforeEach(() => {
  delete kms.tamper;
  keyArn = kms.createKey();
  kms.aliases.set('alias/ota', keyArn);
  kms.requests.length = 0;
});

const client = (secretAccessKey: string = ACCOUNT.secretAccessKey): KMSClient =>
  new KMSClient({
    credentials: { accessKeyId: ACCOUNT.accessKeyId, secretAccessKey },
    endpoint: kms.url,
    maxAttempts: 3,
    region: 'eu-central-1',
  });
const PAYLOAD = new TextEncoder().encode('a document');
const TYPE = 'application/vnd.kivyx.ota.manifest+cose';

describe('a signer in KMS', () => {
  it('signs what devices verify, with one request per document and no limit to its size', async () => {
    const signer = await awsKmsSigner({ client: client(), keyId: 'alias/ota' });
    expect(kms.requests).toEqual(['GetPublicKey']);
    const large = new Uint8Array(100_000).fill(7);
    for (const payload of [PAYLOAD, large]) {
      const envelope = await signSign1(payload, { signer, type: TYPE });
      expect(verifySign1(envelope, { keys: [await signer.publicKey()], type: TYPE }).payload).toEqual(
        payload,
      );
    }
    expect(kms.requests).toEqual(['GetPublicKey', 'Sign', 'Sign']);
  });

  it('gives the public key in every form', async () => {
    const { jwk, pem, rawHex } = (await awsKmsSigner({ client: client(), keyId: keyArn })).exportPublicKey();
    expect(pem).toContain('BEGIN PUBLIC KEY');
    expect(rawHex).toMatch(/^04[0-9a-f]{128}$/);
    expect(jwk).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
    expect(new Set([pem, jwk, rawHex].map((form) => parsePublicKey(form).kidHex))).toEqual(
      new Set([jwk.kid]),
    );
  });

  it('refuses a key of another kind, and one that is not the expected one', async () => {
    await expect(awsKmsSigner({ client: client(), keyId: kms.createKey('P-384') })).rejects.toMatchObject({
      code: 'ERR_KMS_KEY_SPEC',
    });
    const { publicKeyPem } = generateKeyPair();
    await expect(
      awsKmsSigner({ client: client(), expectedPublicKey: publicKeyPem, keyId: keyArn }),
    ).rejects.toMatchObject({ code: 'ERR_KMS_KEY_CHANGED' });
  });

  it('notices an alias that is pointed to another key', async () => {
    const signer = await awsKmsSigner({ client: client(), keyId: 'alias/ota' });
    kms.aliases.set('alias/ota', kms.createKey());
    await expect(signer.sign(PAYLOAD)).rejects.toMatchObject({ code: 'ERR_KMS_KEY_CHANGED' });
  });

  it('gives out no signature that does not verify', async () => {
    const signer = await awsKmsSigner({ client: client(), keyId: keyArn });
    kms.tamper = (der) => {
      const changed = Buffer.from(der);
      changed[20] = (changed[20] as number) ^ 1;
      return changed;
    };
    await expect(signer.sign(PAYLOAD)).rejects.toMatchObject({ code: 'ERR_KMS_SIGNATURE' });
    kms.tamper = (der) => der.subarray(1);
    await expect(signer.sign(PAYLOAD)).rejects.toMatchObject({ code: 'ERR_KMS_SIGNATURE' });
  });

  it('is patient when it is throttled, and says so when that does not help', async () => {
    const signer = await awsKmsSigner({ client: client(), keyId: keyArn });
    kms.failNext('ThrottlingException', 2);
    expect(await signer.sign(PAYLOAD)).toHaveLength(64);
    kms.failNext('ThrottlingException', 9);
    await expect(signer.sign(PAYLOAD)).rejects.toMatchObject({
      code: 'ERR_KMS_UNAVAILABLE',
      retryable: true,
    });
    kms.failNext('', 0);
  }, 30_000);

  it('tells wrong credentials, missing keys and no server apart from what a retry may heal', async () => {
    await expect(awsKmsSigner({ client: client('wrong'), keyId: keyArn })).rejects.toMatchObject({
      code: 'ERR_KMS_DENIED',
      retryable: false,
    });
    await expect(awsKmsSigner({ client: client(), keyId: 'alias/none' })).rejects.toMatchObject({
      code: 'ERR_KMS_DENIED',
    });
    const nowhere = new KMSClient({
      credentials: ACCOUNT,
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
      region: 'eu-central-1',
    });
    await expect(awsKmsSigner({ client: nowhere, keyId: keyArn })).rejects.toMatchObject({
      code: 'ERR_KMS_UNAVAILABLE',
    });
    const nothing = Object.assign(new Error('Could not load credentials'), {
      name: 'CredentialsProviderError',
    });
    const nobody = new KMSClient({ credentials: () => Promise.reject(nothing), region: 'eu-central-1' });
    await expect(awsKmsSigner({ client: nobody, keyId: keyArn })).rejects.toMatchObject({
      code: 'ERR_KMS_DENIED',
      retryable: false,
    });
  });

  it('signatures of every length become 64 bytes, and what is no signature is refused', async () => {
    const signer = await awsKmsSigner({ client: client(), keyId: keyArn });
    for (let i = 0; i < 40; i++) expect(await signer.sign(Uint8Array.of(i))).toHaveLength(64);
    const broken = {
      send: async (command: object) => ({
        ...((await client().send(command as never)) as object),
        Signature: Uint8Array.of(0x30),
      }),
    };
    const answers = await awsKmsSigner({ client: broken as never, keyId: keyArn });
    await expect(answers.sign(Uint8Array.of(1))).rejects.toMatchObject({ code: 'ERR_KMS_SIGNATURE' });
  }, 30_000);
});
