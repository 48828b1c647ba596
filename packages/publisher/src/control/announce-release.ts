import type { IndexRelease } from '@kivyx-ota/manifest';
import { askServer, type ControlTarget } from './ask-server.ts';
import { type ControlResult, readControlResult } from './control-result.ts';

/**
 * Names an uploaded release to a control plane (`POST /releases` of `@kivyx-ota/server`), which then decides who gets it.
 *
 * With a server, a publisher signs and uploads into a channel of its own that no device reads, `uploads` for instance: its index
 * remembers what there is to make patches from. The server signs the index of the channel that devices do read.
 *
 * @throws ERR_PUBLISH_SERVER when the server refuses or does not answer; `details` has its status and code
 */
export async function announceRelease(release: IndexRelease, target: ControlTarget): Promise<ControlResult> {
  const { app, channel, platform } = target.scope;
  return readControlResult(
    await askServer(target, 'releases', {
      body: { app, channel, platform, release },
      what: 'take the release',
    }),
  );
}
