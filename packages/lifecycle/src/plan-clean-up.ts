import type { Sha256Hex } from '@kivyx-ota/core';
import type { BootRecord } from './boot-record.ts';
import type { IntentRecord } from './intent-record.ts';
import type { SlotPair } from './slots.ts';

/** What is known when somebody wants disk space back. */
export interface CleanUpInput {
  readonly boot: SlotPair<BootRecord>;
  readonly intent: SlotPair<IntentRecord>;
  /** Names below `bundles/`. */
  readonly bundles: readonly string[];
  /** Bundles that run or are being installed now. */
  readonly inUse: readonly Sha256Hex[];
}

/**
 * Which entries of `bundles/` may be removed: those that no boot can come to need. Both slots of both records are
 * respected, because a torn write or a bad sector makes the older one count again; without any boot record, or with
 * one that cannot be read now, nothing is removable.
 */
export function planCleanUp({ boot, intent, bundles, inUse }: CleanUpInput): readonly string[] {
  const states = [...boot, ...intent];
  if (states.some(({ kind }) => kind === 'locked' || kind === 'newer')) return [];
  if (!boot.some(({ kind }) => kind === 'record')) return [];
  const needed: string[] = [...inUse];
  for (const slot of boot) {
    if (slot.kind !== 'record') continue;
    const { currentSha256Hex, goodSha256Hex, previousSha256Hex, launchSha256Hex } = slot.record;
    needed.push(currentSha256Hex, goodSha256Hex, previousSha256Hex, launchSha256Hex);
  }
  for (const slot of intent) if (slot.kind === 'record') needed.push(slot.record.stage);
  return bundles.filter((name) => needed.indexOf(name) < 0);
}
