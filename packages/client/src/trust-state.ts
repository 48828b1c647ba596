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
  /** The root it was verified under: the next may not know its key any more. */
  readonly rootVersion: number;
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
  /** The root in the envelope (untrusted, base64url) as the successor of `root`. Each is verified once in the life of the process. */
  step(root: TrustRoot, envelopeText: string): TrustRoot;
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
  const followers = new Map<TrustRoot, { readonly text: string; readonly next: TrustRoot }>();
  const step = (root: TrustRoot, text: string): TrustRoot => {
    const known = followers.get(root);
    if (known?.text === text) return known.next;
    const next = verifyRootStep(root, base64urlToBytes(text), algorithms);
    followers.set(root, { next, text });
    return next;
  };
  return {
    load: async () => {
      const record = (await slots.read()) ?? EMPTY;
      let root = shipped;
      let kept = 0;
      try {
        for (const text of record.roots) {
          root = step(root, text);
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
    const text = bytesToBase64url(envelope);
    root = state.step(root, text);
    record = { ...record, roots: [...record.roots, text] };
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
