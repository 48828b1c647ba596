import { parsePublicKey, type PublicKey, type PublicJwk } from '@kivyx-ota/cose';
import { ALL_ALGORITHMS, createLocalSigner } from '@kivyx-ota/cose/sign';
import { openInitialRoot, rootFromKeys, rootKey, type TrustRoot, verifyRootStep } from '@kivyx-ota/manifest';
import { inspectUnverified, trustRootToJson, type TrustRootJson } from '@kivyx-ota/manifest/inspect';
import { encodeTrustRoot, mergeTrustRoots, signTrustRoot } from '@kivyx-ota/manifest/sign';
import { type Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { namingSource } from '../naming-source.ts';
import { createOutput } from '../output.ts';
import { readTrust } from '../read-trust.ts';
import { type CommonFlags, openSession } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { writeNew } from '../write-new.ts';

interface DraftFlags {
  readonly after?: string;
  readonly project?: string;
  readonly root?: readonly string[];
  readonly threshold?: string;
  readonly release?: readonly string[];
  readonly index?: readonly string[];
  readonly revoke?: readonly string[];
  readonly days: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `root`: the ceremony of a trust root, one step per command, so that each can run on another machine. */
export function addRootCommands(program: Command, scoped: (command: Command) => Command): void {
  const root = program.command('root').description('Write, sign and publish trust roots: who may sign what.');
  root
    .command('draft')
    .description(
      'Write a trust root as JSON, to be read by people and signed by root keys. With --after the next one: what is not given stays.',
    )
    .option('--after <file>', 'the root before it (.json or .cose)')
    .option('--project <name>', 'name of your project; needed for the first')
    .option('--root <files...>', 'public keys that sign roots')
    .option('--threshold <count>', 'how many of them must sign')
    .option('--release <files...>', 'public keys that sign releases')
    .option(
      '--index <files...>',
      'public keys that sign the indexes of all channels; for some channels only, edit the draft',
    )
    .option('--revoke <ids...>', 'releases that no device may run, beside those of the root before')
    .option('--days <count>', 'days until it expires', '730')
    .requiredOption('--out <file>', 'where to write')
    .option('--json', 'print the result as JSON')
    .action(async (flags: DraftFlags) => {
      const draft = await draftRoot(flags);
      // Refuses what no device would read, before anybody is asked to sign it.
      encodeTrustRoot(draft);
      await write(flags.out, `${JSON.stringify(trustRootToJson(draft), undefined, 2)}\n`);
      createOutput(flags.json === true).result(trustRootToJson(draft), [
        ...describe(draft),
        `Next: kivyx root sign ${flags.out} --key <private key>, by ${draft.roles.root.threshold} of its root keys, and of ${draft.version > 1 ? 'those of the root before' : 'the keys that apps trust already'}`,
      ]);
    });
  root
    .command('sign')
    .description('Sign a draft with one root key. Needs no network and no configuration.')
    .argument('<draft>', 'a root as JSON')
    .requiredOption('--key <file>', 'a private key (PEM)')
    .requiredOption('--out <file>', 'where to write the signed part')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, { json, key, out }: { key: string; out: string; json?: boolean }) => {
      const draft = await readDraft(file);
      const pem = await readText(key);
      const signer = await namingSource(key, () => createLocalSigner(pem));
      const { kidHex } = await signer.publicKey();
      await write(out, (await signTrustRoot(draft, [signer])).envelope);
      createOutput(json === true).result({ kidHex, version: draft.version }, [
        ...describe(draft),
        `Signed by ${kidHex}: ${out}`,
        'Next: kivyx root merge, when enough have signed',
      ]);
    });
  root
    .command('merge')
    .description('Make one signed root of the parts that several people signed.')
    .argument('<parts...>', 'signed parts of the same root')
    .requiredOption('--out <file>', 'where to write')
    .option('--json', 'print the result as JSON')
    .action(async (parts: string[], { json, out }: { out: string; json?: boolean }) => {
      const envelope = mergeTrustRoots(await Promise.all(parts.map(readBytes)));
      await write(out, envelope);
      const { signatures } = inspectUnverified(envelope);
      createOutput(json === true).result({ signatures }, [
        `${signatures.length} signatures: ${out}`,
        `Next: kivyx root check ${out}`,
      ]);
    });
  root
    .command('check')
    .description(
      'Say whether devices will take a root: by itself, and with --from as the successor of another.',
    )
    .argument('<root>', 'a signed root')
    .option('--from <file>', 'what devices trust now: a root (.cose) or a public key (PEM)')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, { from, json }: { from?: string; json?: boolean }) => {
      const envelope = await readBytes(file);
      const trust = from === undefined ? undefined : await readTrust(from);
      const next = await namingSource(file, () => checked(envelope, trust));
      createOutput(json === true).result(trustRootToJson(next), [
        ...describe(next),
        from === undefined ? 'Signed by enough of its own keys.' : `Follows ${from}: devices will take it.`,
      ]);
    });
  scoped(root.command('publish'))
    .description(
      'Put a signed root into the storage, where devices look for it. Checked first as the successor of what is trusted.',
    )
    .argument('<root>', 'a signed root')
    .addOption(new Option('--from <file>', 'what devices trust now; default: the trust of the configuration'))
    .action(async (file: string, flags: CommonFlags & { from?: string }) => {
      const { config, output } = await openSession(flags);
      const envelope = await readBytes(file);
      const trust = flags.from === undefined ? await config.trust() : await readTrust(flags.from);
      const next = await namingSource(file, () => checked(envelope, trust));
      if (next.project !== config.scope.project)
        throw usageError(`This root is for project ${next.project}, not ${config.scope.project}`);
      const key = rootKey(next.version);
      const { written } = await config.storage.put(key, envelope, { ifAbsent: true });
      const there = written ? envelope : (await config.storage.get(key))?.body;
      if (there === undefined || Buffer.compare(there, envelope) !== 0) {
        throw usageError(
          `There is another root ${next.version} already, and devices may have it: draft the next after that one`,
        );
      }
      output.result({ key, version: next.version, written }, [
        ...describe(next),
        `Published as ${key}`,
        `Next: "trust": "${file}" in the configuration, then ${
          config.server === undefined
            ? 'kivyx keys rotate for each channel'
            : `start ${config.server.baseUrl} anew with epoch ${next.version} and its keys of this root`
        }`,
      ]);
    });
}

/** @throws ERR_ROOT_…, ERR_COSE_THRESHOLD and what else keeps devices from taking it */
async function checked(
  envelope: Uint8Array,
  trust: { readonly root: TrustRoot } | { readonly keys: readonly (string | object)[] } | undefined,
): Promise<TrustRoot> {
  const own = openInitialRoot(envelope, ALL_ALGORITHMS);
  if (trust === undefined) return own;
  const from =
    'root' in trust ? trust.root : rootFromKeys(own.project, trust.keys as readonly string[], ALL_ALGORITHMS);
  return verifyRootStep(from, envelope, ALL_ALGORITHMS);
}

async function draftRoot(flags: DraftFlags): Promise<TrustRoot> {
  const before = flags.after === undefined ? undefined : await readRoot(flags.after);
  const need = <T>(value: T | undefined, flag: string): T => {
    if (value === undefined) throw usageError(`The first root needs --${flag}`);
    return value;
  };
  const days = Number(flags.days);
  if (!(Number.isInteger(days) && days > 0)) throw usageError(`--days is a whole number, not ${flags.days}`);
  const given = async (files: readonly string[] | undefined): Promise<readonly PublicKey[] | undefined> =>
    files === undefined ? undefined : Promise.all(files.map(readKey));
  const [rootKeys, releaseKeys, indexKeys] = [
    await given(flags.root),
    await given(flags.release),
    await given(flags.index),
  ];
  const kids = (keys: readonly PublicKey[]): readonly string[] => keys.map(({ kidHex }) => kidHex);
  const role = (
    keys: readonly PublicKey[] | undefined,
    old: TrustRoot['roles']['release'] | undefined,
    flag: string,
  ) => (keys === undefined ? need(old, flag) : { kidHexes: kids(keys), threshold: 1 });
  const oldRoot = before?.roles.root;
  const roles: TrustRoot['roles'] = {
    index:
      indexKeys === undefined ? need(before?.roles.index, 'index') : [role(indexKeys, undefined, 'index')],
    release: role(releaseKeys, before?.roles.release, 'release'),
    root: {
      kidHexes: rootKeys === undefined ? need(oldRoot?.kidHexes, 'root') : kids(rootKeys),
      threshold: Number(flags.threshold ?? need(oldRoot?.threshold, 'threshold')),
    },
  };
  // A key that no role names any more goes.
  const used = new Set([roles.root, roles.release, ...roles.index].flatMap(({ kidHexes }) => kidHexes));
  const all = new Map(
    [...(before?.keys ?? []), ...(rootKeys ?? []), ...(releaseKeys ?? []), ...(indexKeys ?? [])].map(
      (key) => [key.kidHex, key],
    ),
  );
  const issuedAtSeconds = Math.floor(Date.now() / 1000);
  return {
    expiresAtSeconds: issuedAtSeconds + days * 86_400,
    issuedAtSeconds,
    keys: [...all.values()].filter(({ kidHex }) => used.has(kidHex)),
    project: flags.project ?? need(before?.project, 'project'),
    revokedReleaseIds: [...new Set([...(before?.revokedReleaseIds ?? []), ...(flags.revoke ?? [])])],
    roles,
    version: (before?.version ?? 0) + 1,
  };
}

function describe({
  expiresAtSeconds,
  project,
  revokedReleaseIds,
  roles,
  version,
}: TrustRoot): readonly string[] {
  const list = (kids: readonly string[]): string => kids.join(', ');
  return [
    `Root ${version} of ${project}, until ${new Date(expiresAtSeconds * 1000).toISOString().slice(0, 10)}`,
    `  root     ${roles.root.threshold} of ${list(roles.root.kidHexes)}`,
    `  release  ${list(roles.release.kidHexes)}`,
    ...roles.index.map(
      ({ channels, kidHexes }) =>
        `  index    ${list(kidHexes)}${channels === undefined ? '' : ` for ${channels.join(', ')}`}`,
    ),
    ...(revokedReleaseIds.length === 0 ? [] : [`  revoked  ${list(revokedReleaseIds)}`]),
  ];
}

const fromJson = ({ keys, ...rest }: TrustRootJson): TrustRoot => ({
  ...rest,
  keys: keys.map((jwk: PublicJwk) => parsePublicKey(jwk, ALL_ALGORITHMS)),
});

/** Your own file: what it says is what you drafted or checked before. */
async function readRoot(file: string): Promise<TrustRoot> {
  if (file.endsWith('.json')) return readDraft(file);
  const envelope = await readBytes(file);
  return namingSource(file, () => openInitialRoot(envelope, ALL_ALGORITHMS));
}

/** What is in it is checked when it is encoded, as devices do; here only that it is a draft at all. */
async function readDraft(file: string): Promise<TrustRoot> {
  const text = await readText(file);
  let draft: unknown;
  try {
    draft = JSON.parse(text);
  } catch (error) {
    throw usageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray((draft as Partial<TrustRootJson> | null)?.keys))
    throw usageError(`${file} is no trust root: it has no "keys" (kivyx root draft makes one)`);
  return namingSource(file, () => fromJson(draft as TrustRootJson));
}

async function readKey(file: string): Promise<PublicKey> {
  const text = await readText(file);
  if (text.includes('PRIVATE KEY')) throw usageError(`${file} is a private key; give the public one`);
  return namingSource(file, () =>
    parsePublicKey(text.includes('-----') ? text : text.trim(), ALL_ALGORITHMS),
  );
}

async function readText(file: string): Promise<string> {
  if (!existsSync(file)) throw usageError(`No file ${file}`);
  return readFile(file, 'utf8');
}

async function readBytes(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) throw usageError(`No file ${file}`);
  return new Uint8Array(await readFile(file));
}

const write = (path: string, content: string | Uint8Array): Promise<void> =>
  writeNew([{ content, path }], 'what was signed is not overwritten');
