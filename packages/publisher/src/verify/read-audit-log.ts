import { isOtaError } from '@kivyx-ota/core';
import { indexKey, indexLogKey, indexLogPrefix, LIMITS } from '@kivyx-ota/manifest';
import { inParallel } from '../in-parallel.ts';
import { indexChanges, type IndexChangeEntry } from './index-changes.ts';
import { listAll } from '../collect/list-all.ts';
import { openIndex, type OpenedIndex } from '../channel/open-index.ts';
import type { PublisherOptions } from '../options.ts';
import { trustedRoots } from '../channel/trusted-roots.ts';
import type { ChannelProblem } from './verify-channel.ts';

/** One index of the past. */
export interface AuditEntry {
  readonly epoch: number;
  readonly sequence: number;
  readonly issuedAtSeconds: number;
  readonly payloadSha256Hex: string;
  /** The key that signed it. */
  readonly kidHex: string;
  /** Against the index that it says it follows. */
  readonly changes: readonly IndexChangeEntry[];
}

/** The history of a channel. */
export interface AuditReport {
  /** In the order of indexes; entries that do not verify are among the problems only. */
  readonly entries: readonly AuditEntry[];
  readonly problems: readonly ChannelProblem[];
}

/** Options of `readAuditLog`. */
export interface AuditOptions {
  /** What was trusted at the beginning, when keys were rotated since; the roots from there on must be in the storage. */
  readonly previousTrust?: PublisherOptions['trust'];
}

const MAX_SIZE_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;
const READS_AT_ONCE = 16;

/**
 * Walks `channels/…/log/`: every signature, sequences without gaps within an epoch, each entry following one that is there
 * (`previousSha256`), and the current index as the last. Problems are collected, so that one run shows them all.
 *
 * @throws ERR_PUBLISH_ROOTS and those of a bad root; what is wrong with the log is a value
 */
export async function readAuditLog(
  options: PublisherOptions,
  { previousTrust }: AuditOptions = {},
): Promise<AuditReport> {
  const { scope, storage } = options;
  const roots = await trustedRoots(options, previousTrust);
  const problems: ChannelProblem[] = [];
  const problem = (key: string, error: unknown): void => {
    problems.push({
      code: isOtaError(error) ? error.code : 'ERR_PUBLISH_LOG',
      key,
      message: error instanceof Error ? error.message : String(error),
    });
  };
  const open = async (key: string): Promise<OpenedIndex | undefined> => {
    try {
      const stored = await storage.get(key, { maxSizeBytes: MAX_SIZE_BYTES });
      if (stored === undefined) return undefined;
      const opened = openIndex(stored.body, roots, scope);
      if (key !== indexKey(scope) && key !== indexLogKey(scope, opened.index))
        throw new Error(`it holds index ${opened.index.epoch}-${opened.index.sequence}`);
      return opened;
    } catch (error) {
      problem(key, error);
      return undefined;
    }
  };

  const keys = (await listAll(storage, indexLogPrefix(scope))).map(({ key }) => key);
  const opened = (await inParallel(keys, READS_AT_ONCE, open))
    .flatMap((one) => one ?? [])
    .sort((a, b) => a.index.epoch - b.index.epoch || a.index.sequence - b.index.sequence);
  const byHash = new Map(opened.map((one) => [one.payloadSha256Hex, one]));
  const entries = opened.map((one, i): AuditEntry => {
    const { epoch, issuedAtSeconds, previousSha256Hex, sequence } = one.index;
    const where = indexLogKey(scope, one.index);
    const last = opened[i - 1];
    const before = previousSha256Hex === undefined ? undefined : byHash.get(previousSha256Hex);
    if (last?.index.epoch === epoch && last.index.sequence + 1 !== sequence)
      problem(where, new Error(`follows ${last.index.sequence}: ${gap(last.index.sequence, sequence)}`));
    if (i > 0 && previousSha256Hex === undefined)
      problem(where, new Error('begins anew, although the log goes back further'));
    if (i === 0 && previousSha256Hex !== undefined)
      problem(
        where,
        new Error('is the first entry, but follows another: the beginning of the log is missing'),
      );
    else if (previousSha256Hex !== undefined && before === undefined)
      problem(where, new Error(`follows ${previousSha256Hex}, which is not in the log`));
    else if (last?.index.epoch === epoch && before !== last)
      problem(where, new Error('does not follow the entry before it'));
    if (before !== undefined && before.index.issuedAtSeconds > issuedAtSeconds)
      problem(where, new Error('was issued before the one it follows'));
    const { kidHex, payloadSha256Hex } = one;
    const changes = indexChanges(before?.index, one.index);
    return { changes, epoch, issuedAtSeconds, kidHex, payloadSha256Hex, sequence };
  });

  const current = await open(indexKey(scope));
  const last = opened[opened.length - 1];
  if (current !== undefined && current.payloadSha256Hex !== last?.payloadSha256Hex) {
    problem(
      indexKey(scope),
      new Error(
        byHash.has(current.payloadSha256Hex)
          ? `is ${current.index.epoch}-${current.index.sequence}, the log goes on to ${last?.index.epoch}-${last?.index.sequence}: an old index was put back`
          : 'is not in the log; a publisher was killed, and the next change will log it',
      ),
    );
  }
  return { entries, problems };
}

function gap(from: number, to: number): string {
  const count = to - from - 1;
  return count === 1 ? `${from + 1} is missing` : `${from + 1} to ${to - 1} are missing`;
}
