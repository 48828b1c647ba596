import type { KivyxConfig } from './kivyx-config.ts';
import { usageError } from './usage-error.ts';

type Kind = 'text' | 'count' | 'object' | 'text or object';
const MEMBERS: Readonly<Record<keyof KivyxConfig, Kind>> = {
  app: 'text',
  budget: 'object',
  channel: 'text',
  flags: 'object',
  patchBaseCount: 'count',
  platform: 'text',
  platforms: 'object',
  project: 'text',
  reactNative: 'text',
  server: 'text',
  signers: 'object',
  storage: 'text or object',
  trust: 'text or object',
  uploads: 'text',
};

/** A word that is written wrongly would be as if it were not there. @throws ERR_CLI_USAGE */
export function checkConfig(value: unknown, path: string): Partial<KivyxConfig> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError(`${path} is no configuration: it must give an object (kivyx init writes one)`);
  for (const [name, member] of Object.entries(value)) {
    const kind = MEMBERS[name as keyof KivyxConfig] as Kind | undefined;
    if (kind === undefined)
      throw usageError(`${path}: there is no "${name}"; there are ${Object.keys(MEMBERS).join(', ')}`);
    const isSound =
      member === undefined ||
      (kind.includes('text') && typeof member === 'string') ||
      (kind.includes('object') && typeof member === 'object' && member !== null) ||
      (kind === 'count' && Number.isSafeInteger(member) && (member as number) >= 0);
    if (!isSound) throw usageError(`${path}: "${name}" is ${kind === 'count' ? 'a whole number' : kind}`);
  }
  const { signers, storage } = value as Partial<KivyxConfig>;
  if (typeof storage === 'object')
    checkMethods(path, 'storage', storage, ['get', 'head', 'put', 'list', 'delete']);
  for (const role of signers === undefined ? [] : (['index', 'release'] as const))
    checkMethods(path, `signers.${role}`, signers?.[role], ['publicKey', 'sign']);
  return value;
}

/** A signer that is still a promise, or options where the adapter should be, would fail in the middle of a command. */
function checkMethods(path: string, what: string, object: unknown, names: readonly string[]): void {
  const missing = names.find(
    (name) => typeof (object as Record<string, unknown> | undefined)?.[name] !== 'function',
  );
  if (missing !== undefined)
    throw usageError(`${path}: "${what}" has no ${missing}(); is it what an adapter gives, and awaited?`);
}
