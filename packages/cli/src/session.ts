import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { createPublisher, type Publisher, type PublisherOptions } from '@kivyx-ota/publisher';
import { compressForTransport, parallelPatchMaker } from '@kivyx-ota/publisher/node';
import { randomBytes } from 'node:crypto';
import { type ConfigFlags, loadConfig, type ResolvedConfig } from './config.ts';
import { usageError } from './usage-error.ts';
import { createOutput, type Output } from './output.ts';

/** Flags that every command has. */
export interface CommonFlags extends ConfigFlags {
  readonly json?: boolean;
  /** Threads that make patches. */
  readonly workers?: string;
}

/** What a command works with. */
export interface Session {
  readonly config: ResolvedConfig;
  readonly output: Output;
  publisher(channel?: string, budget?: ResolvedConfig['budget']): Promise<Publisher>;
}

export async function openSession(flags: CommonFlags): Promise<Session> {
  const config = await loadConfig(flags, process.env);
  const output = createOutput(flags.json === true);
  return {
    config,
    output,
    publisher: async (channel, budget) =>
      createPublisher({
        budget: { ...config.budget, ...budget },
        clock: { nowMs: () => Date.now() },
        compress: compressForTransport,
        onEvent: output.progress,
        random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
        scope: channel === undefined ? config.scope : { ...config.scope, channel },
        signers: await config.signers(),
        storage: config.storage,
        trust: await config.trust(),
        ...patchMaker(flags),
        ...(config.patchBaseCount === undefined ? {} : { patchBaseCount: config.patchBaseCount }),
      }),
  };
}

function patchMaker({ workers }: CommonFlags): Pick<PublisherOptions, 'patchMaker'> {
  if (workers !== undefined && !/^[1-9]\d*$/.test(workers))
    throw usageError(`--workers is a whole number of at least 1, not ${workers}`);
  // Threads cannot start from TypeScript sources unless the caller has seen to it.
  if (workers === undefined && import.meta.url.endsWith('.ts')) return {};
  return { patchMaker: parallelPatchMaker(workers === undefined ? {} : { workers: Number(workers) }) };
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
export function findRelease({ releases }: ChannelIndex, wanted: string): IndexRelease {
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
