import type { OtaState } from './ota-state.ts';

/**
 * What crash reports should say about updates, by the names Sentry uses for other updaters:
 * `Sentry.setContext('ota_updates', sentryContext(ota.getState(), 'production'))`.
 */
export function sentryContext(
  { running }: OtaState,
  channel: string,
): Readonly<Record<string, string | number | boolean>> {
  return {
    channel,
    is_embedded_launch: running.state === 'embedded',
    is_on_probation: running.state === 'on-probation',
    update_id: running.releaseId ?? 'embedded',
    version_code: running.versionCode,
  };
}
