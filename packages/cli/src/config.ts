import { createLocalSigner, exportPublicKey, type Signer } from '@kivyx-ota/cose/sign';
import type { PublicKeyInput } from '@kivyx-ota/cose';
import type { TrustRoot } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { createJiti } from 'jiti';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readTrust } from './read-trust.ts';
import { usageError } from './usage-error.ts';

/** What `kivyx.config.ts`, `.js`, `.mjs` or `.json` says. Every line can also come from the environment or a flag. */
export interface KivyxConfig {
  /** `KIVYX_PROJECT`. */
  readonly project: string;
  /** `KIVYX_APP`. */
  readonly app: string;
  /** `KIVYX_PLATFORM`. */
  readonly platform: 'ios' | 'android';
  /** `KIVYX_CHANNEL`; default `production`. */
  readonly channel?: string;
  /** Any adapter; or a folder, relative to the config file. `KIVYX_STORAGE`: a folder. Default `bucket`. */
  readonly storage?: ObjectStorage | string;
  /** Signs. Default: the PEM file `keys/release.pem` for both; `KIVYX_PRIVATE_KEY_FILE`, or the PEM itself in `KIVYX_PRIVATE_KEY`. */
  readonly signers?: { readonly release: Signer; readonly index: Signer };
  /**
   * What devices trust: a root, or keys; or a file with either (PEM or root envelope), relative to the config file. `KIVYX_TRUST`:
   * such a file. Default: the public keys of the signers.
   */
  readonly trust?: string | { readonly root: TrustRoot } | { readonly keys: readonly PublicKeyInput[] };
  /** What a release may weigh, in bytes. `KIVYX_BUNDLE_BUDGET`, `KIVYX_RELEASE_BUDGET`. */
  readonly budget?: { readonly bundleBytes?: number; readonly releaseBytes?: number };
  /** Patches from how many releases before; default 3. `KIVYX_PATCH_BASES`. */
  readonly patchBaseCount?: number;
}

/** Gives a config file its types. */
export function defineConfig(config: KivyxConfig): KivyxConfig {
  return config;
}

/** Flags that stand above file and environment. */
export interface ConfigFlags {
  readonly config?: string;
  readonly project?: string;
  readonly app?: string;
  readonly platform?: string;
  readonly channel?: string;
  readonly storage?: string;
}

/** The configuration that a command works with. */
export interface ResolvedConfig {
  readonly scope: {
    readonly project: string;
    readonly app: string;
    readonly platform: 'ios' | 'android';
    readonly channel: string;
  };
  readonly storage: ObjectStorage;
  readonly storageFolder?: string;
  readonly configFile?: string;
  readonly patchBaseCount?: number;
  readonly budget?: { readonly bundleBytes?: number; readonly releaseBytes?: number };
  signers(): Promise<{ readonly release: Signer; readonly index: Signer }>;
  trust(): Promise<{ readonly root: TrustRoot } | { readonly keys: readonly PublicKeyInput[] }>;
}

const NAMES = ['kivyx.config.ts', 'kivyx.config.mjs', 'kivyx.config.js', 'kivyx.config.json'] as const;

/** Reads flags, environment and file, in this order of weight. @throws ERR_CLI_USAGE with what is missing */
export async function loadConfig(
  flags: ConfigFlags,
  environment: NodeJS.ProcessEnv,
): Promise<ResolvedConfig> {
  const given = flags.config ?? environment.KIVYX_CONFIG;
  const configFile = given === undefined ? findConfig(process.cwd()) : resolve(given);
  if (configFile !== undefined && !existsSync(configFile))
    throw usageError(`No configuration at ${configFile}`);
  const file = configFile === undefined ? {} : await readConfig(configFile);
  const home = configFile === undefined ? process.cwd() : dirname(configFile);
  const text = (flag: string | undefined, variable: string, value: string | undefined): string | undefined =>
    flag ?? environment[variable] ?? value;
  const need = (name: string, value: string | undefined, variable: string): string => {
    if (value === undefined || value === '') {
      throw usageError(
        `No ${name}: give --${name}, set ${variable}, or write it into kivyx.config.json (kivyx init makes one)`,
      );
    }
    return value;
  };
  const platform = need('platform', text(flags.platform, 'KIVYX_PLATFORM', file.platform), 'KIVYX_PLATFORM');
  if (platform !== 'ios' && platform !== 'android')
    throw usageError(`The platform is ios or android, not ${platform}`);
  const chosen = text(
    flags.storage,
    'KIVYX_STORAGE',
    typeof file.storage === 'string' ? file.storage : undefined,
  );
  const adapter = chosen === undefined && typeof file.storage === 'object' ? file.storage : undefined;
  const storageFolder =
    adapter === undefined
      ? resolve(flags.storage === undefined ? home : process.cwd(), chosen ?? 'bucket')
      : undefined;
  const patchBases =
    environment.KIVYX_PATCH_BASES === undefined ? file.patchBaseCount : Number(environment.KIVYX_PATCH_BASES);
  const signers = memo(async () => file.signers ?? localSigners(home, environment));
  return {
    scope: {
      app: need('app', text(flags.app, 'KIVYX_APP', file.app), 'KIVYX_APP'),
      channel: text(flags.channel, 'KIVYX_CHANNEL', file.channel) ?? 'production',
      platform,
      project: need('project', text(flags.project, 'KIVYX_PROJECT', file.project), 'KIVYX_PROJECT'),
    },
    signers,
    storage: adapter ?? fsStorage({ directory: storageFolder as string }),
    trust: memo(async () => {
      const chosenTrust = environment.KIVYX_TRUST ?? file.trust;
      if (typeof chosenTrust === 'string') return readTrust(resolve(home, chosenTrust));
      if (chosenTrust !== undefined) return chosenTrust;
      const { index, release } = await signers();
      const keys = [await release.publicKey(), await index.publicKey()].map(
        (key) => exportPublicKey(key).pem,
      );
      return { keys: Array.from(new Set(keys)) };
    }),
    ...(storageFolder === undefined ? {} : { storageFolder }),
    ...(configFile === undefined ? {} : { configFile }),
    ...(patchBases === undefined ? {} : { patchBaseCount: patchBases }),
    ...(file.budget === undefined ? {} : { budget: file.budget }),
  };
}

function findConfig(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    for (const name of NAMES) if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return undefined;
  }
}

async function readConfig(path: string): Promise<Partial<KivyxConfig>> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8')) as Partial<KivyxConfig>;
    return await createJiti(path).import<Partial<KivyxConfig>>(path, { default: true });
  } catch (error) {
    throw usageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function localSigners(
  home: string,
  environment: NodeJS.ProcessEnv,
): { readonly release: Signer; readonly index: Signer } {
  const path = resolve(home, environment.KIVYX_PRIVATE_KEY_FILE ?? 'keys/release.pem');
  const pem = environment.KIVYX_PRIVATE_KEY ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  if (pem === undefined) {
    throw usageError(
      `No private key at ${path}: run kivyx keys generate, or set KIVYX_PRIVATE_KEY_FILE or KIVYX_PRIVATE_KEY`,
    );
  }
  const release = createLocalSigner(pem);
  const indexPath = resolve(home, environment.KIVYX_INDEX_KEY_FILE ?? 'keys/index.pem');
  const indexPem =
    environment.KIVYX_INDEX_KEY ?? (existsSync(indexPath) ? readFileSync(indexPath, 'utf8') : undefined);
  return { index: indexPem === undefined ? release : createLocalSigner(indexPem), release };
}

function memo<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
