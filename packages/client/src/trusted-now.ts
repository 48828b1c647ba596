import type { ClientContext } from './context.ts';
import type { SeenIndex } from './trust-state.ts';

/**
 * The device clock may be wrong by years; it is never behind what a signed document or the build has already proved.
 *
 * `seen` counts only in its own epoch. A thief with the index key can sign a time in the far future; what the root keys
 * say afterwards must be able to undo that, so a newer root forgets it, and a root's own expiry is measured without it.
 */
export function trustedNowSeconds(
  {
    ports,
    buildTimeSeconds,
  }: Pick<ClientContext, 'buildTimeSeconds'> & { readonly ports: Pick<ClientContext['ports'], 'clock'> },
  root: { readonly issuedAtSeconds: number; readonly version: number },
  seen?: Pick<SeenIndex, 'epoch' | 'issuedAtSeconds'>,
): number {
  const proved = seen !== undefined && seen.epoch >= root.version ? seen.issuedAtSeconds : 0;
  return Math.max(Math.floor(ports.clock.nowMs() / 1000), buildTimeSeconds, root.issuedAtSeconds, proved);
}
