import type { ChannelScope } from '@kivyx-ota/manifest';

/** `project/app/platform/channel`: the key of everything that belongs to a channel. Parts hold no slash. */
export function channelKey({ project, app, platform, channel }: ChannelScope): string {
  for (const part of [project, app, platform, channel]) {
    if (part.length === 0 || part.includes('/'))
      throw new RangeError(`channelKey: ${JSON.stringify(part)} cannot be part of a channel key`);
  }
  return `${project}/${app}/${platform}/${channel}`;
}
