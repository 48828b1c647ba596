import type { StoredRelease } from '@kivyx-ota/database';
import type { ReactNode } from 'react';
import { bytes, percent } from './texts.ts';

/** What a release is called in one word. */
export function statusOf({ indexed, release }: StoredRelease): string {
  return indexed ? release.status : 'archived';
}

export function ReleasesTable({
  chosenId,
  healthy,
  onChoose,
  releases,
}: {
  readonly releases: readonly StoredRelease[];
  readonly healthy: ReadonlyMap<string, number>;
  readonly chosenId: string | undefined;
  readonly onChoose: (releaseId: string) => void;
}): ReactNode {
  if (releases.length === 0) return <p>No release yet: publish one.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th>Version</th>
          <th className="number">Code</th>
          <th>Status</th>
          <th className="number">Rollout</th>
          <th className="number">Healthy on</th>
          <th className="number">Smallest patch</th>
        </tr>
      </thead>
      <tbody>
        {releases.map((one) => {
          const { mandatory, patches, releaseId, rolloutBasisPoints, version, versionCode } = one.release;
          const status = statusOf(one);
          return (
            <tr key={releaseId} aria-selected={releaseId === chosenId} onClick={() => onChoose(releaseId)}>
              <td>
                <button type="button" className="link" title={releaseId}>
                  {version}
                </button>
                {mandatory && <small> mandatory</small>}
              </td>
              <td className="number">{versionCode}</td>
              <td>
                <span className={`badge ${status}`}>{status}</span>
              </td>
              <td className="number">{percent(rolloutBasisPoints / 10_000)}</td>
              <td className="number">{healthy.get(releaseId)?.toLocaleString('en') ?? '–'}</td>
              <td className="number">
                {patches.length === 0 ? '–' : bytes(Math.min(...patches.map(({ sizeBytes }) => sizeBytes)))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
