import type { Marker, MarkerKind } from './marker.ts';

/** What is known about how a launch ended. */
export type Exit = 'confirmed' | 'crashed' | 'timed-out' | 'ended-neutral' | 'ended-unknown';

/**
 * Weighs the evidence about one launch: a confirmation beats a crash (it worked, then something happened), a crash
 * beats being in the background, and no evidence at all is the trace of a kill, a hang or a power cut.
 */
export function classifyExit(
  launchId: number,
  acknowledgedLaunchId: number,
  markers: readonly Marker[],
): Exit {
  const has = (kind: MarkerKind): boolean =>
    markers.some((marker) => marker.kind === kind && marker.launchId === launchId);
  if (acknowledgedLaunchId === launchId) return 'confirmed';
  if (has('crash')) return 'crashed';
  if (has('timeout')) return 'timed-out';
  return has('bg') ? 'ended-neutral' : 'ended-unknown';
}
