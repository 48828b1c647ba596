import type { GuardrailOptions } from '@kivyx-ota/server';

/** Everything this server needs to know, from its environment. */
export interface Settings {
  readonly project: string;
  /** Of the index role: a PEM text. */
  readonly indexKeyPem: string;
  /** Of the release role: PEM texts. */
  readonly releaseKeyPems: readonly string[];
  /** At least 32 bytes. */
  readonly deviceSecret: Uint8Array;
  readonly databaseUrl: string;
  readonly directory: string;
  readonly port: number;
  /** Version of the trust root that indexes are signed under; 0 while apps carry bare keys. */
  readonly epoch?: number;
  /** What is not as the guardrail has it by itself. */
  readonly guardrail?: GuardrailOptions;
  /** Where telemetry is forwarded to, if anywhere: the HTTP port of a ClickHouse. */
  readonly clickhouseUrl?: string;
}

/** Reads them, and says of each missing one what it is for. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const need = (name: string, what: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: ${what}`);
    return value;
  };
  const deviceSecret = Buffer.from(
    need('OTA_DEVICE_SECRET', '64 hex digits, e.g. from `openssl rand -hex 32`'),
    'hex',
  );
  if (deviceSecret.length < 32) throw new Error('OTA_DEVICE_SECRET is too short: 64 hex digits are needed');
  const clickhouseUrl = env['CLICKHOUSE_URL'];
  return {
    ...(clickhouseUrl === undefined || clickhouseUrl === '' ? {} : { clickhouseUrl }),
    databaseUrl: env['DATABASE_URL'] ?? 'sqlite:ota.db',
    deviceSecret: new Uint8Array(deviceSecret),
    directory: env['OTA_DIRECTORY'] ?? 'bucket',
    epoch: Number(env['OTA_EPOCH'] ?? 0),
    indexKeyPem: need('OTA_INDEX_KEY', 'the private key (PEM) that signs channel indexes'),
    port: Number(env['PORT'] ?? 3000),
    project: need('OTA_PROJECT', 'the name of the project, as in the trust root'),
    // One after the other: a PEM text ends where the next begins.
    releaseKeyPems: need('OTA_RELEASE_KEYS', 'the public keys (PEM) that releases are signed with')
      .split(/(?<=-----END PUBLIC KEY-----)/)
      .map((pem) => pem.trim())
      .filter((pem) => pem !== ''),
  };
}
