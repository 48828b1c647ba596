import type { StoredRelease } from '@kivyx-ota/database';
import { type ReactNode, useCallback } from 'react';
import { AdoptionChart } from './adoption-chart.tsx';
import type { ControlPlane } from './control-plane.ts';
import { Funnel } from './funnel.tsx';
import { ReleaseActions } from './release-actions.tsx';
import { statusOf } from './releases-table.tsx';
import { usePolled } from './use-polled.ts';

/** One release: how it does, and what can be done. */
export function ReleaseView({
  indexed,
  onChanged,
  plane,
  release,
}: StoredRelease & { readonly plane: ControlPlane; readonly onChanged: () => void }): ReactNode {
  const { releaseId } = release;
  const { problem, value } = usePolled(
    useCallback(async () => {
      const [devices, hours] = await Promise.all([plane.funnel(releaseId), plane.hours(releaseId)]);
      return { devices, hours };
    }, [plane, releaseId]),
  );
  const status = statusOf({ indexed, release });
  return (
    <section aria-label={release.version}>
      <h2>
        {release.version} <span className={`badge ${status}`}>{status}</span>
      </h2>
      <p>
        <code>{releaseId}</code>
        {release.runtimeVersion !== undefined && <> for runtime {release.runtimeVersion}</>}
      </p>
      <ReleaseActions release={release} indexed={indexed} plane={plane} onChanged={onChanged} />
      {problem !== undefined && <p role="alert">{problem}</p>}
      {value !== undefined && (
        <>
          <h3>Devices</h3>
          <Funnel devices={value.devices} />
          <h3>Over time</h3>
          <AdoptionChart hours={value.hours} />
        </>
      )}
    </section>
  );
}
