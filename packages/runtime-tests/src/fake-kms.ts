// AWS KMS in little, for tests: JSON protocol over HTTP, checks signatures of requests, and really signs.
import { isSigned } from './is-signed.ts';
import { p256 } from '@noble/curves/nist.js';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Key {
  readonly arn: string;
  readonly spec: string;
  readonly secret: KeyObject;
  readonly open: KeyObject;
}

export interface FakeKms {
  readonly url: string;
  readonly requests: string[];
  readonly aliases: Map<string, string>;
  /** Makes a key; gives its ARN. */
  createKey(curve?: 'P-256' | 'P-384'): string;
  /** The next answers are errors of this type. */
  failNext(type: string, times: number): void;
  /** Changes what Sign gives. */
  tamper?: (der: Buffer) => Buffer;
  close(): Promise<void>;
}

export async function startFakeKms(account: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<FakeKms> {
  const keys = new Map<string, Key>();
  let failing = { times: 0, type: '' };
  const find = (id: string): Key | undefined => keys.get(kms.aliases.get(id) ?? id);

  const answer = (operation: string, input: Record<string, string>): readonly [number, unknown] => {
    if (failing.times-- > 0) return [400, { __type: failing.type, message: 'as the test wanted' }];
    const key = find(input['KeyId'] ?? '');
    if (key === undefined)
      return [400, { __type: 'NotFoundException', message: `Key '${input['KeyId']}' does not exist` }];
    if (operation === 'GetPublicKey') {
      const spki = key.open.export({ format: 'der', type: 'spki' }).toString('base64');
      return [200, { KeyId: key.arn, KeySpec: key.spec, KeyUsage: 'SIGN_VERIFY', PublicKey: spki }];
    }
    const digest = Buffer.from(input['Message'] ?? '', 'base64');
    if (input['MessageType'] !== 'DIGEST' || digest.length !== 32)
      return [400, { __type: 'ValidationException', message: 'Digest is invalid length' }];
    const { d = '' } = key.secret.export({ format: 'jwk' });
    const der = Buffer.from(
      p256.sign(digest, Buffer.from(d, 'base64url'), {
        extraEntropy: true,
        format: 'der',
        lowS: false,
        prehash: false,
      }),
    );
    return [
      200,
      {
        KeyId: key.arn,
        Signature: (kms.tamper?.(der) ?? der).toString('base64'),
        SigningAlgorithm: input['SigningAlgorithm'],
      },
    ];
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
      kms.requests.push(operation);
      const [status, value] = isSigned(request, body, { ...account, service: 'kms' })
        ? answer(operation, JSON.parse(body.toString()) as Record<string, string>)
        : ([
            400,
            { __type: 'InvalidSignatureException', message: 'The request signature does not match' },
          ] as const);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kms: FakeKms = {
    aliases: new Map(),
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
    createKey: (curve = 'P-256') => {
      const pair = generateKeyPairSync('ec', { namedCurve: curve });
      const arn = `arn:aws:kms:eu-central-1:111122223333:key/${keys.size + 1}`;
      keys.set(arn, {
        arn,
        open: pair.publicKey,
        secret: pair.privateKey,
        spec: curve === 'P-256' ? 'ECC_NIST_P256' : 'ECC_NIST_P384',
      });
      return arn;
    },
    failNext: (type, times) => {
      failing = { times, type };
    },
    requests: [],
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  return kms;
}
