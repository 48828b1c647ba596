import type { StoredRelease } from '@kivyx-ota/database';
import { type ReactNode, useState, useTransition } from 'react';
import type { ControlPlane } from './control-plane.ts';

const STEPS = [1, 5, 10, 25, 50, 100];

/** Rollout, pause, resume, one more try, revoke. The server decides who may; what it says is shown. */
export function ReleaseActions({
  indexed,
  onChanged,
  plane,
  release,
}: StoredRelease & { readonly plane: ControlPlane; readonly onChanged: () => void }): ReactNode {
  const { releaseId, rolloutBasisPoints, status, version } = release;
  const now = rolloutBasisPoints / 100;
  const [isBusy, startTransition] = useTransition();
  const [problem, setProblem] = useState<string>();
  if (!indexed || status === 'revoked') return null;
  const run = (work: () => Promise<void>): void =>
    startTransition(async () => {
      try {
        setProblem(undefined);
        await work();
        onChanged();
      } catch (error) {
        setProblem((error as Error).message);
      }
    });
  const setRollout = (percent: number): void => run(() => plane.setRollout(releaseId, percent));
  return (
    <fieldset disabled={isBusy}>
      <div className="actions">
        <form key={now} action={(form) => setRollout(Number(form.get('percent')))}>
          <label>
            Rollout{' '}
            <input name="percent" type="number" min="0" max="100" step="0.01" required defaultValue={now} /> %
          </label>
          <button type="submit">Set</button>
        </form>
        {STEPS.map((step) => (
          <button key={step} type="button" aria-pressed={step === now} onClick={() => setRollout(step)}>
            {step} %
          </button>
        ))}
        {status === 'active' ? (
          <button type="button" onClick={() => run(() => plane.act(releaseId, 'pause'))}>
            Pause
          </button>
        ) : (
          <button type="button" onClick={() => run(() => plane.act(releaseId, 'resume'))}>
            Resume
          </button>
        )}
        <button
          type="button"
          title="Devices on which it failed without a known reason try it once more"
          onClick={() => run(() => plane.act(releaseId, 'retry'))}
        >
          One more try
        </button>
      </div>
      <details>
        <summary>Revoke …</summary>
        <form action={() => run(() => plane.act(releaseId, 'revoke'))}>
          <p>
            Devices that run it go back at their next check. This is final: a revoked release is never offered
            again.
          </p>
          <label>
            Type its version to go on <input required pattern={escapePattern(version)} autoComplete="off" />
          </label>
          <button type="submit" className="danger">
            Revoke {version}
          </button>
        </form>
      </details>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </fieldset>
  );
}

/** For the attribute `pattern`, which is read with the flag `v`. */
function escapePattern(text: string): string {
  return text.replace(/[-^$\\.*+?()[\]{}|/&!#%,:;<=>@`~]/g, '\\$&');
}
