import { parsePublicKey } from '@kivyx-ota/cose';
import { createLocalSigner } from '@kivyx-ota/cose/sign';
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

/** Reads them, and says of each that is missing or makes no sense what it is for. */
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
  const whole = (name: string, fallback: number): number => {
    const value = env[name] || String(fallback);
    if (!/^\d{1,9}$/.test(value)) throw new Error(`${name} is a whole number, not ${value}`);
    return Number(value);
  };
  const key = <T>(name: string, pem: string, read: (pem: string) => T): string => {
    try {
      read(pem);
      return pem;
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  };
  // Where variables have one line, PEM texts come with "\n" in them.
  const pems = (name: string, what: string): string => need(name, what).replaceAll('\\n', '\n');
  const clickhouseUrl = env['CLICKHOUSE_URL'];
  return {
    ...(clickhouseUrl === undefined || clickhouseUrl === '' ? {} : { clickhouseUrl }),
    databaseUrl: env['DATABASE_URL'] ?? 'sqlite:ota.db',
    deviceSecret: new Uint8Array(deviceSecret),
    directory: env['OTA_DIRECTORY'] ?? 'bucket',
    epoch: whole('OTA_EPOCH', 0),
    indexKeyPem: key(
      'OTA_INDEX_KEY',
      pems('OTA_INDEX_KEY', 'the private key (PEM) that signs channel indexes'),
      createLocalSigner,
    ),
    port: whole('PORT', 3000),
    project: need('OTA_PROJECT', 'the name of the project, as in the trust root'),
    // One after the other: a PEM text ends where the next begins.
    releaseKeyPems: pems('OTA_RELEASE_KEYS', 'the public keys (PEM) that releases are signed with')
      .split(/(?<=-----END PUBLIC KEY-----)/)
      .map((pem) => pem.trim())
      .filter((pem) => pem !== '')
      .map((pem) => key('OTA_RELEASE_KEYS', pem, parsePublicKey)),
  };
}
