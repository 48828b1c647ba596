/** Everything this function needs to know, from its environment (terraform/function.tf sets it). */
export interface Settings {
  readonly project: string;
  readonly tableName: string;
  readonly bucket: string;
  /** KMS key of the index role: its ARN or alias. */
  readonly indexKeyId: string;
  /** The index key as the app carries it; a key that was swapped behind the alias is refused. */
  readonly indexPublicKeyPem: string;
  /** Public keys of the release role. */
  readonly releaseKeyPems: readonly string[];
  /** Secrets Manager or SSM give it: at least 32 bytes. */
  readonly deviceSecret: Uint8Array;
}

/** Reads them, and says of each missing one what it is for. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const need = (name: string, what: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: ${what}`);
    return value;
  };
  const deviceSecret = Buffer.from(need('OTA_DEVICE_SECRET', '64 hex digits'), 'hex');
  if (deviceSecret.length < 32) throw new Error('OTA_DEVICE_SECRET is too short: 64 hex digits are needed');
  return {
    bucket: need('OTA_BUCKET', 'the bucket that releases are uploaded to'),
    deviceSecret: new Uint8Array(deviceSecret),
    indexKeyId: need('OTA_INDEX_KMS_KEY', 'the KMS key that signs channel indexes'),
    indexPublicKeyPem: need('OTA_INDEX_PUBLIC_KEY', 'the PEM of that key, as the app carries it'),
    project: need('OTA_PROJECT', 'the name of the project, as in the trust root'),
    releaseKeyPems: need('OTA_RELEASE_KEYS', 'the public keys (PEM) that releases are signed with')
      .split(/(?<=-----END PUBLIC KEY-----)/)
      .map((pem) => pem.trim())
      .filter((pem) => pem !== ''),
    tableName: need('OTA_TABLE', 'the DynamoDB table'),
  };
}
