/** One line about where an update stands. */
export function describePhase(phase, t) {
  switch (phase.kind) {
    case 'available':
    case 'ready':
      return t(`phase.${phase.kind}`, { version: phase.release.version ?? phase.release.versionCode });
    case 'downloading':
      return t('phase.downloading', {
        received: kilobytes(phase.progress.receivedBytes),
        total: kilobytes(phase.progress.totalBytes),
      });
    case 'error':
      return t(phase.retryable ? 'phase.errorToRetry' : 'phase.error', { code: phase.code });
    default:
      return t(`phase.${phase.kind}`);
  }
}

/** Whether another request would only wait for this one. */
export function isBusy({ kind }) {
  return kind === 'checking' || kind === 'downloading' || kind === 'restarting';
}

/** One line of the log: for the person who looks into a report, so it is not translated. */
export function describeEvent({ type, ...rest }) {
  const said = Object.entries(rest)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`);
  return [type, ...said].join(', ');
}

function kilobytes(bytes) {
  return Math.ceil(bytes / 1000).toLocaleString('en');
}
