import { type ReactNode, useCallback, useState } from 'react';
import { AuditLog } from './audit-log.tsx';
import type { ControlPlane } from './control-plane.ts';
import { ReleaseView } from './release-view.tsx';
import { ReleasesTable } from './releases-table.tsx';
import { usePolled } from './use-polled.ts';

/** A channel: its releases, the chosen one of them, and what was done. */
export function ChannelView({ plane }: { readonly plane: ControlPlane }): ReactNode {
  const [chosenId, setChosenId] = useState<string>();
  const { problem, reload, value } = usePolled(
    useCallback(async () => {
      const [releases, healthy, audit] = await Promise.all([
        plane.releases(),
        plane.healthyDevices(),
        plane.audit(),
      ]);
      return { audit, healthy, releases };
    }, [plane]),
  );
  if (value === undefined) return <p role={problem && 'alert'}>{problem ?? 'Reading …'}</p>;
  const chosen = value.releases.find(({ release }) => release.releaseId === chosenId) ?? value.releases[0];
  return (
    <>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <div className="columns">
        <section>
          <h2>Releases</h2>
          <ReleasesTable {...value} chosenId={chosen?.release.releaseId} onChoose={setChosenId} />
          <h2>What was done</h2>
          <AuditLog entries={value.audit} />
        </section>
        {chosen !== undefined && (
          <ReleaseView key={chosen.release.releaseId} {...chosen} plane={plane} onChanged={reload} />
        )}
      </div>
    </>
  );
}
