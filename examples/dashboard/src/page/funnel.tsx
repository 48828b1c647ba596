import type { ReactNode } from 'react';
import { percent } from './texts.ts';

const STEPS = ['download', 'install', 'launch', 'healthy'] as const;

/** How far distinct devices came, and what went wrong on the way. */
export function Funnel({ devices }: { readonly devices: Readonly<Record<string, number>> }): ReactNode {
  const count = (mark: string): number => devices[mark] ?? 0;
  const most = Math.max(...STEPS.map(count));
  if (most === 0) return <p>No device has reported about it.</p>;
  const patched = count('patch_hit') + count('patch_fallback');
  const facts = [
    ...(patched === 0 ? [] : [`${percent(count('patch_hit') / patched)} took a patch`]),
    `${count('crash').toLocaleString('en')} crashed`,
    `${count('rollback').toLocaleString('en')} rolled back`,
    ...(count('exposed') === 0
      ? []
      : [
          `${percent(count('failed') / count('exposed'))} of ${count('exposed').toLocaleString('en')} failed, as the guardrail counts`,
        ]),
  ];
  return (
    <>
      <dl className="funnel">
        {STEPS.map((step) => (
          <div key={step}>
            <dt>{step}</dt>
            <dd>
              <meter min={0} max={most} value={count(step)} />
              {count(step).toLocaleString('en')}
            </dd>
          </div>
        ))}
      </dl>
      <p>{facts.join(' · ')}</p>
    </>
  );
}
