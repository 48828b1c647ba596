import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import type { Signer } from '@kivyx-ota/cose/sign';
import {
  type ControlPlane,
  createControlPlane,
  createPublisher,
  type Publisher,
  type PublisherOptions,
  withServedIndex,
} from '@kivyx-ota/publisher';
import { compressForTransport, parallelPatchMaker } from '@kivyx-ota/publisher/node';
import { randomBytes } from 'node:crypto';
import { checkReleaseKey, ownKeys } from './own-keys.ts';
import { type ConfigFlags, loadConfig, type ResolvedConfig } from './config.ts';
import { usageError } from './usage-error.ts';
import { createOutput, type Output } from './output.ts';

/** Flags that every command has. */
export interface CommonFlags extends ConfigFlags {
  readonly json?: boolean;
  /** Threads that make patches. */
  readonly workers?: string;
}

/** Where a command works, if not where the configuration says. */
export interface Elsewhere {
  readonly channel?: string;
  readonly platform?: 'ios' | 'android';
}

/** What a command works with. */
export interface Session {
  readonly config: ResolvedConfig;
  readonly output: Output;
  /** Signs: of the channel, or with a server of the channel that remembers uploads. */
  writer(elsewhere?: Elsewhere, budget?: ResolvedConfig['budget']): Promise<PublisherOptions>;
  /** Looks at what devices get; needs no private key. */
  reader(elsewhere?: Elsewhere): Promise<Publisher>;
  /** The verbs of the server, where there is one. */
  control(elsewhere?: Elsewhere): ControlPlane | undefined;
}

export async function openSession(flags: CommonFlags): Promise<Session> {
  const config = await loadConfig(flags, process.env);
  const output = createOutput(flags.json === true);
  const { server } = config;
  const common = (elsewhere: Elsewhere | undefined) => ({
    clock: { nowMs: () => Date.now() },
    compress: compressForTransport,
    onEvent: output.progress,
    random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
    scope: { ...config.scope, ...elsewhere },
    ...patchMaker(flags),
    ...(config.patchBaseCount === undefined ? {} : { patchBaseCount: config.patchBaseCount }),
  });
  return {
    config,
    control: (elsewhere) =>
      server === undefined
        ? undefined
        : createControlPlane({
            apiKey: server.apiKey(),
            baseUrl: server.baseUrl,
            scope: { ...config.scope, ...elsewhere },
          }),
    output,
    reader: async (elsewhere) => {
      const options = common(elsewhere);
      return createPublisher({
        ...options,
        signers: { index: nobody, release: nobody },
        storage:
          server === undefined
            ? config.storage
            : withServedIndex(config.storage, { baseUrl: server.baseUrl, scope: options.scope }),
        trust: await config.trust(),
      });
    },
    writer: async (elsewhere, budget) => {
      const signers = await config.signers();
      const options = {
        ...common(elsewhere),
        budget: { ...config.budget, ...budget },
        signers,
        storage: config.storage,
      };
      if (server === undefined) return { ...options, trust: await config.trust() };
      // No device reads the channel of uploads, so no root knows who signs its index; of the manifest they must know.
      await checkReleaseKey(signers.release, await config.trust(), config.scope.project);
      const scope = { ...options.scope, channel: server.uploadsChannel };
      return { ...options, scope, trust: await ownKeys(signers) };
    },
  };
}

/** Stands where nothing is signed. */
const nobody: Signer = {
  alg: 'ES256',
  kid: new Uint8Array(),
  publicKey: () => Promise.reject(new TypeError('kivyx: this command signs nothing')),
  sign: () => Promise.reject(new TypeError('kivyx: this command signs nothing')),
};

function patchMaker({ workers }: CommonFlags): Pick<PublisherOptions, 'patchMaker'> {
  if (workers !== undefined && !/^[1-9]\d*$/.test(workers))
    throw usageError(`--workers is a whole number of at least 1, not ${workers}`);
  // Threads cannot start from TypeScript sources unless the caller has seen to it.
  if (workers === undefined && import.meta.url.endsWith('.ts')) return {};
  return { patchMaker: parallelPatchMaker(workers === undefined ? {} : { workers: Number(workers) }) };
}

/** Some verbs are not the command's where a server signs the index. @throws ERR_CLI_USAGE */
export function refuseWithServer({ config: { server } }: Session, why: string): void {
  if (server !== undefined) throw usageError(`${server.baseUrl} signs this channel: ${why}`);
}

/** The channel's index. @throws ERR_CLI_USAGE when nothing was published yet */
export async function readIndex(publisher: Publisher, { scope }: ResolvedConfig): Promise<ChannelIndex> {
  const state = await publisher.read();
  if (state === undefined) {
    throw usageError(
      `Nothing is published to ${scope.app} ${scope.platform} ${scope.channel} yet: kivyx publish is the next step`,
    );
  }
  return state.index;
}

/** A release by id, by version, or `latest`. @throws ERR_CLI_USAGE with the releases there are */
export function findRelease(
  { releases }: { readonly releases: readonly IndexRelease[] },
  wanted: string,
): IndexRelease {
  const byCode = releases.slice().sort((a, b) => b.versionCode - a.versionCode);
  if (wanted === 'latest' && byCode[0] !== undefined) return byCode[0];
  const found = byCode.filter(({ releaseId, version }) => releaseId === wanted || version === wanted);
  if (found.length === 1) return found[0] as IndexRelease;
  const known = byCode.map(({ releaseId, version }) => `${version} (${releaseId})`).join(', ');
  throw usageError(
    found.length === 0
      ? `No release ${wanted}. There are: ${known || 'none'}`
      : `${found.length} releases have version ${wanted}; name one by its id: ${found.map(({ releaseId }) => releaseId).join(', ')}`,
  );
}

/** `10`, `10%` or `0.5 %` as hundredths of a percent. @throws ERR_CLI_USAGE */
export function parsePercent(text: string): number {
  const value = Number(text.replace('%', '').trim());
  const basisPoints = Math.round(value * 100);
  if (!(value >= 0 && value <= 100) || text.trim() === '')
    throw usageError(`A share is 0 to 100 %, not ${text}`);
  return basisPoints;
}
