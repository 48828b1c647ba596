import type { ChannelIndex, Manifest } from '@kivyx-ota/manifest';
import { inspectUnverified } from '@kivyx-ota/manifest/inspect';

/** The index in an envelope whose signature nobody looked at: to keep what it names, or to exceed its number. */
export function unverifiedIndex(envelope: Uint8Array): ChannelIndex {
  const view = inspectUnverified(envelope);
  if (view.type !== 'channelIndex') throw new Error(`expected a channel index, found a ${view.type}`);
  return view.document as ChannelIndex;
}

/** The manifest in an envelope whose hash somebody trustworthy named. */
export function unverifiedManifest(envelope: Uint8Array): Manifest {
  const view = inspectUnverified(envelope);
  if (view.type !== 'manifest') throw new Error(`expected a manifest, found a ${view.type}`);
  return view.document as Manifest;
}
