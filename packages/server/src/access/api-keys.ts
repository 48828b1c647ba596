import { bytesToBase64url, bytesToHex, hexToBytes, utf8ToBytes } from '@kivyx-ota/core';
import { sha256 } from '@kivyx-ota/core/sha256';
import type { ApiScope, OtaDatabase } from '@kivyx-ota/database';
import type { Principal } from '../options.ts';
import { API_SCOPES } from './api-scopes.ts';
import { equalConstantTime } from './secrets.ts';

/** What a new key is for. */
export interface ApiKeyGrant {
  readonly label: string;
  readonly scopes: readonly ApiScope[];
  readonly apps?: readonly string[];
}

/**
 * Makes an API key and stores its hash. The secret is in the answer and nowhere else.
 *
 * `key` is `kvx_<id>_<256 random bits>`; a plain SHA-256 of that much randomness cannot be searched.
 *
 * @throws TypeError without a label, without a scope, or for a scope that is none
 */
export async function createApiKey(
  database: OtaDatabase,
  grant: ApiKeyGrant,
  { actor, nowMs }: { readonly actor: string; readonly nowMs: number },
): Promise<{ readonly id: string; readonly key: string }> {
  if (grant.label === '') throw new TypeError('createApiKey: a label says whose key it is');
  const wrong = grant.scopes.find((scope) => !API_SCOPES.includes(scope));
  if (wrong !== undefined || grant.scopes.length === 0)
    throw new TypeError(`createApiKey: scopes are some of ${API_SCOPES.join(', ')}, got ${wrong ?? 'none'}`);
  const id = bytesToHex(crypto.getRandomValues(new Uint8Array(8)));
  const secret = bytesToBase64url(crypto.getRandomValues(new Uint8Array(32)));
  await database.putApiKey(
    {
      createdAtMs: nowMs,
      id,
      label: grant.label,
      scopes: grant.scopes,
      secretSha256Hex: bytesToHex(sha256(utf8ToBytes(secret))),
      ...(grant.apps === undefined ? {} : { apps: grant.apps }),
    },
    {
      action: 'key-create',
      actor,
      atMs: nowMs,
      detail: { id, label: grant.label, scopes: grant.scopes.join(' ') },
      subject: 'keys',
    },
  );
  return { id, key: `kvx_${id}_${secret}` };
}

/**
 * Authentication by the keys of `database` in `Authorization: Bearer`. Undefined for a missing, malformed, unknown, wrong or
 * revoked key, after the same work for an unknown one as for a wrong one.
 */
export function apiKeyAuthentication(
  database: OtaDatabase,
): (request: Request) => Promise<Principal | undefined> {
  return async (request) => {
    const match = /^Bearer kvx_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/i.exec(
      request.headers.get('authorization') ?? '',
    );
    if (match === null) return undefined;
    const record = await database.readApiKey(match[1] as string);
    const given = sha256(utf8ToBytes(match[2] as string));
    const matches = equalConstantTime(given, hexToBytes(record?.secretSha256Hex ?? '00'.repeat(32)));
    if (record === undefined || !matches || record.revokedAtMs !== undefined) return undefined;
    const { id, scopes, apps } = record;
    return { id, scopes, ...(apps === undefined ? {} : { apps }) };
  };
}
