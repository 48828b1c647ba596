import { channelKey } from '@kivyx-ota/database';
import { expect, it } from 'vitest';

const SCOPE = { app: 'cafe', channel: 'beta', platform: 'ios', project: 'acme' } as const;

it('a channel key names project, app, platform and channel', () => {
  expect(channelKey(SCOPE)).toBe('acme/cafe/ios/beta');
});

it('no two scopes share a key: a slash within a part is refused', () => {
  expect(() => channelKey({ ...SCOPE, app: 'cafe/ios' })).toThrow(RangeError);
  expect(() => channelKey({ ...SCOPE, channel: '' })).toThrow(RangeError);
});
