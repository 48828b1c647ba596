import { bytesToBase64url, base64urlToBytes } from '@kivyx-ota/core';
import {
  type ChannelScope,
  checkRootExpiry,
  LIMITS,
  openInitialRoot,
  rootFromKeys,
  rootKey,
  type TrustRoot,
  verifyRootStep,
} from '@kivyx-ota/manifest';
import type { PublicKeyInput, SignatureAlgorithm } from '@kivyx-ota/cose';
import type { RecordsPort } from './ports.ts';
import { type SealedSlots, sealedSlots } from './records/sealed-slots.ts';

/** What the app ships as its trust: one or a few keys, or the newest signed root. */
export type Trust = { readonly keys: readonly PublicKeyInput[] } | { readonly root: Uint8Array };

/** What a device remembers of a channel, so that nobody can show it an older one. */
export interface SeenIndex {
  readonly epoch: number;
  readonly sequence: number;
  readonly payloadSha256Hex: string;
  readonly issuedAtSeconds: number;
  /** To ask with If-None-Match; absent when the server gave none. */
  readonly etag?: string;
}

/** Remembered across starts (`trust.0`, `trust.1`). */
export interface TrustRecord {
  /** Envelopes of the roots after the shipped one, in order. */
  readonly roots: readonly string[];
  readonly seen: Readonly<Record<string, SeenIndex>>;
  /** Releases whose patch was tried and did not work: never again for that release. */
  readonly patchTried: readonly string[];
}

const EMPTY: TrustRecord = { patchTried: [], roots: [], seen: {} };

/** The trust of one client: shipped, plus what it has learnt. */
export interface TrustState {
  load(): Promise<{ readonly record: TrustRecord; readonly root: TrustRoot }>;
  save(record: TrustRecord): Promise<void>;
  /** The root in `envelope` (untrusted) as the successor of `root`. */
  step(root: TrustRoot, envelope: Uint8Array): TrustRoot;
}

/** `project/app/platform/channel`. */
export function scopeId({ project, app, platform, channel }: ChannelScope): string {
  return `${project}/${app}/${platform}/${channel}`;
}

/**
 * Loads what is remembered on top of what is shipped. A record that is torn in both slots, or whose roots no longer follow the
 * shipped one, is as good as none: then the floor is what the app ships.
 */
export function createTrustState(
  records: RecordsPort,
  trust: Trust,
  project: string,
  algorithms?: readonly SignatureAlgorithm[],
): TrustState {
  const slots: SealedSlots<TrustRecord> = sealedSlots(records, 'trust', isRecord);
  const shipped =
    'root' in trust ? openInitialRoot(trust.root, algorithms) : rootFromKeys(project, trust.keys, algorithms);
  const step = (root: TrustRoot, envelope: Uint8Array): TrustRoot =>
    verifyRootStep(root, envelope, algorithms);
  return {
    load: async () => {
      const record = (await slots.read()) ?? EMPTY;
      let root = shipped;
      let kept = 0;
      try {
        for (const text of record.roots) {
          root = step(root, base64urlToBytes(text));
          kept++;
        }
      } catch {
        // A newer binary ships a later root: remembered steps up to it no longer fit, and are not needed.
        return { record: { ...record, roots: record.roots.slice(0, kept) }, root };
      }
      return { record, root };
    },
    save: (record) => slots.write(record),
    step,
  };
}

/**
 * Asks for roots after the current one until there is none. Each is verified by the one before and remembered.
 *
 * @throws ERR_ROOT_…, ERR_COSE_…, ERR_DOCUMENT_… when a step is there but wrong
 */
export async function refreshRoot(
  state: TrustState,
  nowSeconds: number,
  fetchRoot: (key: string) => Promise<Uint8Array | undefined>,
): Promise<{ readonly record: TrustRecord; readonly root: TrustRoot }> {
  let { record, root } = await state.load();
  for (let steps = 0; steps < LIMITS.rootSteps; steps++) {
    const envelope = await fetchRoot(rootKey(root.version + 1));
    if (envelope === undefined) break;
    root = state.step(root, envelope);
    record = { ...record, roots: [...record.roots, bytesToBase64url(envelope)] };
    await state.save(record);
  }
  checkRootExpiry(root, nowSeconds);
  return { record, root };
}

function isRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { roots, seen, patchTried } = value as Partial<TrustRecord>;
  return Array.isArray(roots) && Array.isArray(patchTried) && typeof seen === 'object' && seen !== null;
}
