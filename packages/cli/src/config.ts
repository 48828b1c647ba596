import { createLocalSigner, type Signer } from '@kivyx-ota/cose/sign';
import type { PublicKeyInput } from '@kivyx-ota/cose';
import type { TrustRoot } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { createJiti } from 'jiti';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkConfig } from './check-config.ts';
import type { KivyxConfig, PlatformBuild } from './kivyx-config.ts';
import { namingSource } from './naming-source.ts';
import { ownKeys } from './own-keys.ts';
import { readTrust } from './read-trust.ts';
import { parseCount } from './parse-count.ts';
import { usageError } from './usage-error.ts';

/** Flags that stand above file and environment. */
export interface ConfigFlags {
  readonly config?: string;
  readonly project?: string;
  readonly app?: string;
  readonly platform?: string;
  readonly channel?: string;
  readonly storage?: string;
  readonly server?: string;
  /** No platform need be named where `platforms` names builds: the first of them stands for it. */
  readonly platformOfBuilds?: boolean;
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
  /** With absolute paths. */
  readonly platforms: { readonly android?: PlatformBuild; readonly ios?: PlatformBuild };
  readonly reactNative?: string;
  readonly server?: ServerConfig;
  signers(): Promise<{ readonly release: Signer; readonly index: Signer }>;
  trust(): Promise<{ readonly root: TrustRoot } | { readonly keys: readonly PublicKeyInput[] }>;
}

/** The control plane that devices ask. */
export interface ServerConfig {
  readonly baseUrl: string;
  readonly uploadsChannel: string;
  /** @throws ERR_CLI_USAGE when there is none */
  apiKey(): string;
}

const NAMES = ['kivyx.config.ts', 'kivyx.config.mjs', 'kivyx.config.js', 'kivyx.config.json'] as const;

/** Reads flags, environment and file, in this order of weight. @throws ERR_CLI_USAGE with what is missing */
export async function loadConfig(
  flags: ConfigFlags,
  environment: NodeJS.ProcessEnv,
): Promise<ResolvedConfig> {
  const configFile = findConfig(flags.config ?? environment.KIVYX_CONFIG);
  const file = configFile === undefined ? {} : await readConfig(configFile);
  const home = configFile === undefined ? process.cwd() : dirname(configFile);
  const text = (flag: string | undefined, variable: string, value: string | undefined): string | undefined =>
    flag ?? environment[variable] ?? value;
  const need = (name: string, value: string | undefined, variable: string): string => {
    if (value === undefined || value === '') {
      throw usageError(
        configFile === undefined
          ? `No ${name}, and no kivyx.config.json here or above (kivyx init makes one): give --${name}, or set ${variable}`
          : `No ${name}: give --${name}, set ${variable}, or write it into ${configFile}`,
      );
    }
    return value;
  };
  const firstBuild = flags.platformOfBuilds === true ? Object.keys(file.platforms ?? {})[0] : undefined;
  const platform = need(
    'platform',
    text(flags.platform, 'KIVYX_PLATFORM', file.platform ?? firstBuild),
    'KIVYX_PLATFORM',
  );
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
    environment.KIVYX_PATCH_BASES === undefined
      ? file.patchBaseCount
      : parseCount('KIVYX_PATCH_BASES', environment.KIVYX_PATCH_BASES);
  const server = text(flags.server, 'KIVYX_SERVER', file.server);
  const reactNative = environment.KIVYX_REACT_NATIVE ?? file.reactNative;
  const signers = memo(async () => file.signers ?? localSigners(home, environment));
  return {
    scope: {
      app: checkName('app', need('app', text(flags.app, 'KIVYX_APP', file.app), 'KIVYX_APP')),
      channel: checkName('channel', text(flags.channel, 'KIVYX_CHANNEL', file.channel) ?? 'production'),
      platform,
      project: checkName(
        'project',
        need('project', text(flags.project, 'KIVYX_PROJECT', file.project), 'KIVYX_PROJECT'),
      ),
    },
    signers,
    storage: adapter ?? fsStorage({ directory: storageFolder as string }),
    trust: memo(async () => {
      const chosenTrust = environment.KIVYX_TRUST ?? file.trust;
      if (typeof chosenTrust === 'string') return readTrust(resolve(home, chosenTrust));
      if (chosenTrust !== undefined) return chosenTrust;
      // Who only looks has no private key, and may have the public one.
      const publicKey = join(home, 'keys/release.pub.pem');
      if (
        file.signers === undefined &&
        !hasKey(keyPlaces(home, environment).release, environment) &&
        existsSync(publicKey)
      )
        return readTrust(publicKey);
      return ownKeys(await signers());
    }),
    platforms: {
      ...(file.platforms?.android === undefined
        ? {}
        : { android: resolveBuild(home, file.platforms.android) }),
      ...(file.platforms?.ios === undefined ? {} : { ios: resolveBuild(home, file.platforms.ios) }),
    },
    ...(reactNative === undefined || reactNative === '' ? {} : { reactNative }),
    ...(server === undefined || server === ''
      ? {}
      : {
          server: serverConfig(
            server,
            environment.KIVYX_UPLOADS ?? file.uploads ?? 'uploads',
            home,
            environment,
          ),
        }),
    ...(storageFolder === undefined ? {} : { storageFolder }),
    ...(configFile === undefined ? {} : { configFile }),
    ...(patchBases === undefined ? {} : { patchBaseCount: patchBases }),
    ...(file.budget === undefined ? {} : { budget: file.budget }),
  };
}

/** A name that can be part of a key of the storage. @throws ERR_CLI_USAGE */
export function checkName(what: string, name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return name;
  throw usageError(`The ${what} is of letters, digits, ".", "_" and "-", not ${JSON.stringify(name)}`);
}

/** The configuration that is named, or the one here or above. @throws ERR_CLI_USAGE when that which is named is not there */
export function findConfig(given: string | undefined): string | undefined {
  if (given !== undefined) {
    if (existsSync(given)) return resolve(given);
    throw usageError(`No configuration at ${resolve(given)}`);
  }
  for (let at = process.cwd(); ; at = dirname(at)) {
    for (const name of NAMES) if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return undefined;
  }
}

/** What the file says. @throws ERR_CLI_USAGE */
export async function readConfig(path: string): Promise<Partial<KivyxConfig>> {
  let value: unknown;
  try {
    value = path.endsWith('.json')
      ? JSON.parse(readFileSync(path, 'utf8'))
      : await createJiti(path).import<unknown>(path, { default: true });
  } catch (error) {
    throw usageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return checkConfig(value, path);
}

function resolveBuild(home: string, build: PlatformBuild): PlatformBuild {
  const { embedded, folder, sourceMap } = build;
  return {
    ...build,
    ...(embedded === undefined ? {} : { embedded: resolve(home, embedded) }),
    ...(folder === undefined ? {} : { folder: resolve(home, folder) }),
    ...(sourceMap === undefined ? {} : { sourceMap: resolve(home, sourceMap) }),
  };
}

function serverConfig(
  baseUrl: string,
  uploadsChannel: string,
  home: string,
  environment: NodeJS.ProcessEnv,
): ServerConfig {
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
    throw usageError(`--server is an address such as https://ota.example.com/, not ${baseUrl}`);
  const { hostname, password, protocol, username } = new URL(baseUrl);
  // Messages name the address.
  if (username + password !== '')
    throw usageError('--server has no name and password in it: the key is KIVYX_API_KEY');
  if (protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw usageError(`${baseUrl}: an API key goes over https only`);
  return {
    apiKey: () => {
      const file = environment.KIVYX_API_KEY_FILE;
      const key =
        environment.KIVYX_API_KEY ?? (file === undefined ? undefined : readSecret(resolve(home, file)));
      if (key === undefined || key.trim() === '')
        throw usageError(
          `No API key for ${baseUrl}: set KIVYX_API_KEY, or KIVYX_API_KEY_FILE (POST /keys of the server makes one)`,
        );
      return key.trim();
    },
    baseUrl: baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`,
    uploadsChannel,
  };
}

function readSecret(path: string): string {
  if (!existsSync(path)) throw usageError(`No file ${path}`);
  return readFileSync(path, 'utf8');
}

/** Where the private key of a role is looked for. */
interface KeyPlace {
  readonly path: string;
  readonly variable: string;
}

const keyPlaces = (home: string, environment: NodeJS.ProcessEnv) => ({
  index: {
    path: resolve(home, environment.KIVYX_INDEX_KEY_FILE ?? 'keys/index.pem'),
    variable: 'KIVYX_INDEX_KEY',
  },
  release: {
    path: resolve(home, environment.KIVYX_PRIVATE_KEY_FILE ?? 'keys/release.pem'),
    variable: 'KIVYX_PRIVATE_KEY',
  },
});

const hasKey = ({ path, variable }: KeyPlace, environment: NodeJS.ProcessEnv): boolean =>
  environment[variable] !== undefined || existsSync(path);

function readSigner({ path, variable }: KeyPlace, environment: NodeJS.ProcessEnv): Promise<Signer> {
  const pem = environment[variable];
  if (pem === undefined && !existsSync(path)) throw usageError(`No file ${path} (${variable}_FILE)`);
  return namingSource(pem === undefined ? path : variable, () =>
    createLocalSigner(pem ?? readFileSync(path, 'utf8')),
  );
}

async function localSigners(
  home: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly release: Signer; readonly index: Signer }> {
  const places = keyPlaces(home, environment);
  if (!hasKey(places.release, environment)) {
    throw usageError(
      `No private key at ${places.release.path}: run kivyx keys generate, or set KIVYX_PRIVATE_KEY_FILE or KIVYX_PRIVATE_KEY`,
    );
  }
  const release = await readSigner(places.release, environment);
  return {
    // Named and not there is a mistake, and another key than the one that was meant must not sign.
    index:
      hasKey(places.index, environment) || environment.KIVYX_INDEX_KEY_FILE !== undefined
        ? await readSigner(places.index, environment)
        : release,
    release,
  };
}

function memo<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
