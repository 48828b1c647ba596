import type { ChannelName } from './control-plane.ts';

/** Who looks at what. */
export interface Session {
  readonly apiKey: string;
  readonly channel: ChannelName;
}

const KEY = 'kivyx-api-key';

/** The channel is in the address, so that it can be sent to a colleague; the key is not: it goes with the tab. */
export function readSession(): Partial<Session> {
  const [app, platform, channel] = location.hash.slice(1).split('/').map(decodeURIComponent);
  const apiKey = sessionStorage.getItem(KEY) ?? undefined;
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(app && (platform === 'android' || platform === 'ios') && channel
      ? { channel: { app, channel, platform } }
      : {}),
  };
}

export function writeSession({ apiKey, channel }: Session): void {
  sessionStorage.setItem(KEY, apiKey);
  location.hash = [channel.app, channel.platform, channel.channel].map(encodeURIComponent).join('/');
}

export function endSession(): void {
  sessionStorage.removeItem(KEY);
}
