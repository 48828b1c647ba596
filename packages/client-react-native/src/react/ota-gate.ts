import { createElement, Fragment, type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { OtaPhase, OtaState } from '../ota-state.ts';
import { useElapsed } from '../platform/use-elapsed.ts';
import { useOta, useOtaActions } from './use-ota.ts';

/** Props of {@link OtaGate}. */
export interface OtaGateProps {
  readonly children?: ReactNode;
  /** Shown instead of the app while a mandatory update is on its way. */
  readonly fallback: (phase: OtaPhase) => ReactNode;
  /**
   * The app is shown after this long even if the update did not arrive: a bad network locks nobody out. Default 30 s. What arrives later
   * is installed at the next start.
   */
  readonly timeoutMs?: number;
  /** Also wait for the first check of a start. Default false: a check must not slow every start down. */
  readonly waitForCheck?: boolean;
}

/** Holds the app back while a mandatory update is on its way, and restarts when it has come. */
export function OtaGate({
  children,
  fallback,
  timeoutMs = 30_000,
  waitForCheck = false,
}: OtaGateProps): ReactElement {
  const ota = useOtaActions();
  const phase = useOta(selectPhase);
  const hasChecked = useOta(selectHasChecked);
  const isLate = useElapsed(timeoutMs);
  const [isStuck, setStuck] = useState(false);
  const isHeld =
    !isLate && !isStuck && (isMandatory(phase) || (waitForCheck && !hasChecked && phase.kind !== 'error'));
  const isDue = isHeld && phase.kind === 'ready';
  useEffect(() => {
    // A host that cannot restart now runs the release after its next start.
    if (isDue) ota.restart().catch(() => setStuck(true));
  }, [isDue, ota]);
  return createElement(Fragment, null, isHeld ? fallback(phase) : children);
}

const selectPhase = ({ phase }: OtaState): OtaPhase => phase;
const selectHasChecked = ({ lastCheckMs }: OtaState): boolean => lastCheckMs !== undefined;

function isMandatory(phase: OtaPhase): boolean {
  return phase.kind === 'restarting' || ('release' in phase && phase.release.mandatory);
}
