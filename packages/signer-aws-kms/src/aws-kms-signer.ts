import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { isOtaError } from '@kivyx-ota/core';
import { sha256 } from '@kivyx-ota/core/sha256';
import { parsePublicKey, type PublicKey, type PublicKeyInput } from '@kivyx-ota/cose';
import { type ExportedPublicKey, exportPublicKey, type Signer, signatureFromDer } from '@kivyx-ota/cose/sign';
import { createPublicKey, verify } from 'node:crypto';
import { fromSdk, kmsError } from './error.ts';

/** Options of {@link awsKmsSigner}. */
export interface AwsKmsSignerOptions {
  /** The official SDK's client: region, credentials and retries (throttling) are its business. */
  readonly client: KMSClient;
  /** Id, ARN or alias of an ECC_NIST_P256 key for SIGN_VERIFY. */
  readonly keyId: string;
  /** The key that devices trust. Given, a key id that leads elsewhere is refused before anything is signed. */
  readonly expectedPublicKey?: PublicKeyInput;
}

/** A {@link Signer} over a key in KMS. */
export interface AwsKmsSigner extends Signer {
  /** The key that was found behind the id; every signature has to come from it. */
  readonly keyArn: string;
  /** The public half, for the app and for the trust root: PEM, JWK, COSE_Key, 65 bytes as hex. */
  exportPublicKey(): ExportedPublicKey;
}

/**
 * A signer whose private key never leaves AWS KMS. Each document costs one Sign request, with the digest and not the document, so
 * its size does not matter; every signature is verified here before it is given out.
 *
 * @throws ERR_KMS_KEY_SPEC when the key is of another kind
 * @throws ERR_KMS_KEY_CHANGED when it is not the expected one, or when an alias is pointed to another key meanwhile
 * @throws ERR_KMS_DENIED, ERR_KMS_UNAVAILABLE
 *
 * @example
 * ```ts
 * import { KMSClient } from '@aws-sdk/client-kms';
 * import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
 *
 * export const signer = () => awsKmsSigner({ client: new KMSClient({ region: 'eu-central-1' }), keyId: 'alias/ota-release' });
 * ```
 */
export async function awsKmsSigner({
  client,
  expectedPublicKey,
  keyId,
}: AwsKmsSignerOptions): Promise<AwsKmsSigner> {
  const { arn, key } = await readKey(client, keyId);
  if (expectedPublicKey !== undefined && parsePublicKey(expectedPublicKey).kidHex !== key.kidHex) {
    throw kmsError(
      'ERR_KMS_KEY_CHANGED',
      `${keyId} is key ${key.kidHex}, not the expected ${parsePublicKey(expectedPublicKey).kidHex}`,
    );
  }
  const exported = exportPublicKey(key);
  const verifier = createPublicKey(exported.pem);
  return {
    alg: 'ES256',
    exportPublicKey: () => exported,
    keyArn: arn,
    kid: key.kid,
    publicKey: () => Promise.resolve(key),
    sign: async (toBeSigned) => {
      let der: Uint8Array | undefined;
      let usedKey: string | undefined;
      try {
        const answer = await client.send(
          new SignCommand({
            KeyId: keyId,
            Message: sha256(toBeSigned),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          }),
        );
        [der, usedKey] = [answer.Signature, answer.KeyId];
      } catch (error) {
        throw fromSdk(`sign with ${keyId}`, error);
      }
      if (usedKey !== arn) {
        throw kmsError(
          'ERR_KMS_KEY_CHANGED',
          `${keyId} pointed to ${arn} and points to ${usedKey ?? 'nothing'} now; devices do not trust that key`,
        );
      }
      const raw = readSignature(der ?? new Uint8Array(0));
      if (!verify('sha256', toBeSigned, { dsaEncoding: 'ieee-p1363', key: verifier }, raw)) {
        throw kmsError(
          'ERR_KMS_SIGNATURE',
          `The signature that KMS gave does not verify with the public key of ${arn}`,
        );
      }
      return raw;
    },
  };
}

function readSignature(der: Uint8Array): Uint8Array {
  try {
    return signatureFromDer(der);
  } catch (error) {
    throw kmsError('ERR_KMS_SIGNATURE', 'KMS gave a signature that is not two numbers of P-256 in DER', {
      cause: error,
    });
  }
}

async function readKey(
  client: KMSClient,
  keyId: string,
): Promise<{ readonly arn: string; readonly key: PublicKey }> {
  try {
    const {
      KeyId,
      KeySpec,
      KeyUsage,
      PublicKey: spki,
    } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    if (
      KeySpec !== 'ECC_NIST_P256' ||
      KeyUsage !== 'SIGN_VERIFY' ||
      spki === undefined ||
      KeyId === undefined
    ) {
      throw kmsError(
        'ERR_KMS_KEY_SPEC',
        `${keyId} is ${KeySpec ?? 'unknown'} for ${KeyUsage ?? 'nothing'}; ECC_NIST_P256 for SIGN_VERIFY is needed`,
      );
    }
    return { arn: KeyId, key: parsePublicKey(spki) };
  } catch (error) {
    throw isOtaError(error) ? error : fromSdk(`public key of ${keyId}`, error);
  }
}
