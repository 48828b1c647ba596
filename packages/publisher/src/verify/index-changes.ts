import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';

/** What one index changed against the one before it. */
export type IndexChangeEntry =
  | {
      readonly type: 'published';
      readonly releaseId: string;
      readonly version: string;
      readonly rolloutBasisPoints: number;
    }
  | { readonly type: 'rollout'; readonly releaseId: string; readonly from: number; readonly to: number }
  | {
      readonly type: 'status';
      readonly releaseId: string;
      readonly from: string;
      readonly to: string;
      readonly rollbackTo?: string;
    }
  | { readonly type: 'patches'; readonly releaseId: string; readonly from: number; readonly to: number }
  | { readonly type: 'other'; readonly releaseId: string; readonly members: readonly string[] }
  | { readonly type: 'retired'; readonly releaseId: string; readonly version: string }
  | { readonly type: 'refreshed' };

/** The differences, by release; `refreshed` when only time went by. Pure. */
export function indexChanges(
  before: Pick<ChannelIndex, 'releases'> | undefined,
  after: Pick<ChannelIndex, 'releases'>,
): readonly IndexChangeEntry[] {
  const old = new Map((before?.releases ?? []).map((release) => [release.releaseId, release]));
  const changes = after.releases.flatMap((release) => changesOf(old.get(release.releaseId), release));
  const left = new Set(after.releases.map(({ releaseId }) => releaseId));
  for (const { releaseId, version } of old.values())
    if (!left.has(releaseId)) changes.push({ releaseId, type: 'retired', version });
  return changes.length === 0 ? [{ type: 'refreshed' }] : changes;
}

function changesOf(before: IndexRelease | undefined, after: IndexRelease): IndexChangeEntry[] {
  const { releaseId, rolloutBasisPoints, version } = after;
  if (before === undefined) return [{ releaseId, rolloutBasisPoints, type: 'published', version }];
  const changes: IndexChangeEntry[] = [];
  if (before.rolloutBasisPoints !== rolloutBasisPoints)
    changes.push({ from: before.rolloutBasisPoints, releaseId, to: rolloutBasisPoints, type: 'rollout' });
  if (before.status !== after.status || before.rollbackTo !== after.rollbackTo) {
    const { rollbackTo } = after;
    const way = rollbackTo === undefined ? {} : { rollbackTo };
    changes.push({ from: before.status, releaseId, to: after.status, type: 'status', ...way });
  }
  if (JSON.stringify(before.patches) !== JSON.stringify(after.patches))
    changes.push({ from: before.patches.length, releaseId, to: after.patches.length, type: 'patches' });
  const told = new Set(['rolloutBasisPoints', 'status', 'rollbackTo', 'patches']);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const members = Array.from(names).filter(
    (name) =>
      !told.has(name) &&
      JSON.stringify(before[name as keyof IndexRelease]) !==
        JSON.stringify(after[name as keyof IndexRelease]),
  );
  if (members.length > 0) changes.push({ members, releaseId, type: 'other' });
  return changes;
}
