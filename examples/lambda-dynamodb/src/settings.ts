import type { GuardrailPolicy } from '@kivyx-ota/server';

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
  /** Version of the trust root that indexes are signed under; 0 while apps carry bare keys. */
  readonly epoch: number;
  /** When a release is paused by itself; undefined: never. */
  readonly guardrail?: GuardrailPolicy;
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
    epoch: Number(env['OTA_EPOCH'] || 0),
    indexKeyId: need('OTA_INDEX_KMS_KEY', 'the KMS key that signs channel indexes'),
    indexPublicKeyPem: need('OTA_INDEX_PUBLIC_KEY', 'the PEM of that key, as the app carries it'),
    project: need('OTA_PROJECT', 'the name of the project, as in the trust root'),
    releaseKeyPems: need('OTA_RELEASE_KEYS', 'the public keys (PEM) that releases are signed with')
      .split(/(?<=-----END PUBLIC KEY-----)/)
      .map((pem) => pem.trim())
      .filter((pem) => pem !== ''),
    tableName: need('OTA_TABLE', 'the DynamoDB table'),
    ...readGuardrail(env),
  };
}

/**
 * `GUARDRAIL_CRASH_PCT`: share of devices that may fail on a healthy release, 5 unless set, 0 for no guardrail.
 * `GUARDRAIL_LOOKBACK_MIN`: besides, the plain rule: pause above that share of the devices of the last so many minutes.
 */
export function readGuardrail(env: NodeJS.ProcessEnv): Pick<Settings, 'guardrail'> {
  const read = (name: string, fallback: number, from: number, to: number): number => {
    const value = Number(env[name] || fallback);
    if (!(value >= from && value <= to))
      throw new Error(`${name} is ${env[name]}: ${from} to ${to} is possible`);
    return value;
  };
  const rate = read('GUARDRAIL_CRASH_PCT', 5, 0, 50) / 100;
  const lookbackSeconds = Math.round(read('GUARDRAIL_LOOKBACK_MIN', 0, 0, 1440) * 60);
  if (rate === 0) return {};
  const threshold = lookbackSeconds === 0 ? false : { lookbackSeconds, rate };
  return { guardrail: { sequential: { crashRate: rate }, threshold } };
}
