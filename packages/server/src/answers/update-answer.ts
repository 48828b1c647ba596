import { type IndexRelease, manifestKey, patchKey } from '@kivyx-ota/manifest';
import type { decide } from '@kivyx-ota/rollout';
import { encodeJson } from '../http/respond.ts';

/** What is the same for every device that gets a release; the releases of a snapshot live as long as it does. */
const commonParts = new WeakMap<IndexRelease, string>();

/**
 * A decision for a thin client, as JSON: keys it can fetch, and the ticket for what it will report. `reasons` has all of them
 * with `explain`, else only what is said of the release it gets: an answer does not grow with the index.
 */
export function encodeUpdateAnswer(
  decision: ReturnType<typeof decide>,
  options: { readonly explain: boolean; readonly ticketFor: (releaseId: string) => string },
): string {
  const { action } = decision;
  const release =
    action === 'update'
      ? decision.release
      : action === 'rollback' && decision.to !== 'embedded'
        ? decision.to
        : undefined;
  const reasons = options.explain
    ? decision.reasons
    : decision.reasons.filter(({ releaseId }) => releaseId === release?.releaseId);
  if (release === undefined)
    return encodeJson({ action, reasons, ...(action === 'rollback' ? { to: 'embedded' } : {}) });
  let common = commonParts.get(release);
  if (common === undefined) commonParts.set(release, (common = encodeCommon(release)));
  // Texts and truth values only: nothing for `encodeJson` to turn into text.
  const own = JSON.stringify({
    action,
    mandatory: action === 'update' ? decision.mandatory : true,
    reasons,
    ticket: options.ticketFor(release.releaseId),
  });
  return `${own.slice(0, -1)},${common.slice(1)}`;
}

function encodeCommon({ patches, manifest, ...rest }: IndexRelease): string {
  return encodeJson({
    manifest: { key: manifestKey(manifest.sha256Hex), ...manifest },
    patches: patches.map((patch) => ({
      key: patchKey(patch.baseSha256Hex, rest.launchSha256Hex, patch.format),
      ...patch,
    })),
    release: rest,
  });
}
