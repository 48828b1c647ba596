import type { StoredAuditEntry } from '@kivyx-ota/database';
import type { ReactNode } from 'react';
import { time } from './texts.ts';

export function AuditLog({ entries }: { readonly entries: readonly StoredAuditEntry[] }): ReactNode {
  return (
    <ol className="audit">
      {entries.map(({ action, actor, atMs, detail, number, releaseId }) => (
        <li key={number}>
          <time dateTime={new Date(atMs).toISOString()}>{time(atMs)}</time> <b>{action}</b> {releaseId}{' '}
          <small>
            by {actor}
            {Object.entries(detail ?? {}).map(([name, value]) => ` · ${name} ${value}`)}
          </small>
        </li>
      ))}
    </ol>
  );
}
