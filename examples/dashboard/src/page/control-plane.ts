import type { AdoptionHour, StoredAuditEntry, StoredRelease } from '@kivyx-ota/database';

/** A channel, in the words of the routes. */
export interface ChannelName {
  readonly app: string;
  readonly platform: 'android' | 'ios';
  readonly channel: string;
}

/** What a person may do to a release. */
export type Verb = 'pause' | 'resume' | 'retry' | 'revoke';

/** The routes of the server that this page uses. All of them reject with an `Error` that says what the server said. */
export interface ControlPlane {
  /** The newest fifty, newest first. */
  releases(): Promise<readonly StoredRelease[]>;
  /** Devices that were ever healthy on a release, by its id. */
  healthyDevices(): Promise<ReadonlyMap<string, number>>;
  /** Distinct devices by mark: `install`, `launch`, `healthy`, … */
  funnel(releaseId: string): Promise<Readonly<Record<string, number>>>;
  /** Of the last seven days. */
  hours(releaseId: string): Promise<readonly AdoptionHour[]>;
  /** The newest twenty entries, newest first. */
  audit(): Promise<readonly StoredAuditEntry[]>;
  setRollout(releaseId: string, percent: number): Promise<void>;
  act(releaseId: string, verb: Verb): Promise<void>;
}

/** `serverPath` is where the control plane is mounted: same origin, with a slash at its end. */
export function controlPlane(serverPath: string, apiKey: string, channel: ChannelName): ControlPlane {
  const ask = async <T>(path: string, request: RequestInit = {}): Promise<T> => {
    const response = await fetch(serverPath + path, {
      ...request,
      cache: 'no-store',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    });
    if (response.ok) return (await response.json()) as T;
    // RFC 9457; a proxy in between may answer something else.
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; code?: string };
    throw new Error(`${problem.detail ?? response.statusText} (${problem.code ?? response.status})`);
  };
  const get = <T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> =>
    ask(`${path}?${String(new URLSearchParams({ ...channel, ...query }))}`);
  const post = async (path: string, body: object = {}): Promise<void> => {
    await ask(path, { body: JSON.stringify({ ...channel, ...body }), method: 'POST' });
  };
  const release = (id: string): string => `releases/${encodeURIComponent(id)}`;
  return {
    act: (id, verb) => post(`${release(id)}/${verb}`),
    audit: async () =>
      (await get<{ entries: readonly StoredAuditEntry[] }>('audit', { limit: '20' })).entries,
    funnel: async (id) => (await get<{ devices: Record<string, number> }>(`${release(id)}/funnel`)).devices,
    healthyDevices: async () => {
      const { releases } = await get<{ releases: { releaseId: string; devices: number }[] }>('adoption');
      return new Map(releases.map(({ devices, releaseId }) => [releaseId, devices]));
    },
    hours: async (id) => (await get<{ hours: AdoptionHour[] }>(`${release(id)}/adoption`)).hours,
    releases: async () => (await get<{ releases: StoredRelease[] }>('releases')).releases,
    setRollout: (id, percent) => post('rollout', { percent, release_id: id }),
  };
}
