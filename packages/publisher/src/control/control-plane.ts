import type { IndexRelease, PatchRef } from '@kivyx-ota/manifest';
import { estimateAdoption, type ReleaseCount } from '../patches/estimate-adoption.ts';
import type { Adoption } from '../patches/plan-bases.ts';
import { announceRelease } from './announce-release.ts';
import { askServer, type ControlTarget } from './ask-server.ts';
import { type ControlResult, isRelease, readControlResult, unexpectedAnswer } from './control-result.ts';

/** Something that was done in a channel of the server. */
export interface ControlAuditEntry {
  readonly atMs: number;
  readonly actor: string;
  readonly action: string;
  readonly releaseId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * The verbs of a channel whose index a server signs. Each is a request, audited there under the API key, and idempotent, but for
 * {@link ControlPlane.retry}.
 */
export interface ControlPlane {
  /** Names an uploaded release. Scope `publish`. */
  announce(release: IndexRelease): Promise<ControlResult>;
  /** Scope `rollout`, as `pause` and `resume`. */
  setRollout(releaseId: string, rolloutBasisPoints: number): Promise<ControlResult>;
  pause(releaseId: string): Promise<ControlResult>;
  resume(releaseId: string): Promise<ControlResult>;
  /** Gives devices on which it failed without a known reason one more try, at every call. Scope `rollout`. */
  retry(releaseId: string): Promise<ControlResult>;
  /** Names patches that are uploaded, beside those it has: at most 32 of a release. `backfillPatches` asks for it. Scope `publish`. */
  namePatches(releaseId: string, patches: readonly PatchRef[]): Promise<ControlResult>;
  /** Scope `publish`. */
  revoke(releaseId: string, options?: { readonly rollbackTo?: string }): Promise<ControlResult>;
  /** Names a release of this channel in another one. Scope `publish`. */
  promote(
    releaseId: string,
    toChannel: string,
    options?: { readonly rolloutBasisPoints?: number },
  ): Promise<ControlResult>;
  /** Every release the server has in this channel, newest first, also those that its index has no room for. Scope `read`. */
  listReleases(): Promise<readonly IndexRelease[]>;
  /** How many devices run which release, as its telemetry says: for `adoption` of a release. Scope `read`. */
  readAdoption(): Promise<readonly Adoption[]>;
  /** How many devices ever came to each mark with a release (`install`, `healthy`, `patch_hit`, …), each counted once. Scope `read`. */
  readFunnel(releaseId: string): Promise<Readonly<Record<string, number>>>;
  /** What was done in this channel, newest first. Scope `read`. */
  readAudit(): Promise<readonly ControlAuditEntry[]>;
}

const PAGE = 100;
const MAX_PAGES = 1000;

/**
 * The admin verbs of `@kivyx-ota/server`, for what uploads by a publisher.
 *
 * @throws ERR_PUBLISH_SERVER from every verb when the server refuses, does not answer, or answers something else
 */
export function createControlPlane(target: ControlTarget): ControlPlane {
  const { app, channel, platform } = target.scope;
  const scope = { app, channel, platform };
  const path = (releaseId: string, verb: string): string =>
    `releases/${encodeURIComponent(releaseId)}/${verb}`;
  const change = async (where: string, body: object, what: string): Promise<ControlResult> =>
    readControlResult(await askServer(target, where, { body: { ...scope, ...body }, what }));
  const query = (more: Readonly<Record<string, string>> = {}): string =>
    new URLSearchParams({ ...scope, ...more }).toString();
  const list = async (route: string, member: string): Promise<readonly unknown[]> => {
    const items: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = (await askServer(
        target,
        `${route}?${query({ limit: String(PAGE), ...(cursor === undefined ? {} : { cursor }) })}`,
        { what: `list ${member}` },
      )) as Readonly<Record<string, unknown>> | undefined;
      const found = answer?.[member];
      if (!Array.isArray(found)) throw unexpectedAnswer();
      items.push(...(found as readonly unknown[]));
      cursor = typeof answer?.['cursor'] === 'string' ? answer['cursor'] : undefined;
      if (cursor === undefined) return items;
    }
    throw unexpectedAnswer();
  };
  return {
    announce: (release) => announceRelease(release, target),
    listReleases: async () => (await list('releases', 'releases')).map((item) => readRelease(item)),
    namePatches: (releaseId, patches) => change(path(releaseId, 'patches'), { patches }, 'name the patches'),
    pause: (releaseId) => change(path(releaseId, 'pause'), {}, 'pause it'),
    promote: (releaseId, toChannel, { rolloutBasisPoints = 10_000 } = {}) =>
      change(
        path(releaseId, 'promote'),
        { basis_points: rolloutBasisPoints, to_channel: toChannel },
        'promote it',
      ),
    readAdoption: async () => {
      const answer = (await askServer(target, `adoption?${query()}`, { what: 'say who runs what' })) as
        | { readonly releases?: readonly ReleaseCount[] }
        | undefined;
      if (!Array.isArray(answer?.releases) || !answer.releases.every(isCount)) throw unexpectedAnswer();
      return estimateAdoption(answer.releases);
    },
    readAudit: async () => {
      const entries = await list('audit', 'entries');
      if (!entries.every(isAuditEntry)) throw unexpectedAnswer();
      return entries;
    },
    readFunnel: async (releaseId) => {
      const answer = (await askServer(target, `${path(releaseId, 'funnel')}?${query()}`, {
        what: 'say how it fares',
      })) as { readonly devices?: unknown } | undefined;
      const devices = answer?.devices;
      if (!isFunnel(devices)) throw unexpectedAnswer();
      return devices;
    },
    resume: (releaseId) => change(path(releaseId, 'resume'), {}, 'resume it'),
    retry: (releaseId) => change(path(releaseId, 'retry'), {}, 'give it another try'),
    revoke: (releaseId, { rollbackTo } = {}) =>
      change(
        path(releaseId, 'revoke'),
        rollbackTo === undefined ? {} : { rollback_to: rollbackTo },
        'revoke it',
      ),
    setRollout: (releaseId, rolloutBasisPoints) =>
      change('rollout', { basis_points: rolloutBasisPoints, release_id: releaseId }, 'change the share'),
  };
}

/** `GET /releases` gives each release as the database keeps it. */
function readRelease(item: unknown): IndexRelease {
  const release = (item as { readonly release?: unknown } | null)?.release;
  if (!isRelease(release)) throw unexpectedAnswer();
  return release;
}

function isCount(value: unknown): value is ReleaseCount {
  const { devices, releaseId, versionCode } = (value ?? {}) as Partial<ReleaseCount>;
  return typeof releaseId === 'string' && Number.isSafeInteger(versionCode) && Number.isSafeInteger(devices);
}

function isFunnel(value: unknown): value is Readonly<Record<string, number>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => Number.isSafeInteger(one))
  );
}

function isAuditEntry(value: unknown): value is ControlAuditEntry {
  const { action, actor, atMs } = (value ?? {}) as Partial<ControlAuditEntry>;
  return typeof action === 'string' && typeof actor === 'string' && Number.isFinite(atMs);
}
