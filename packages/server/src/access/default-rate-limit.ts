import type { Clock } from '@kivyx-ota/core';
import type { RateLimit } from '../options.ts';
import { subnetOf } from './subnet.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** Token buckets in this process: per device and subnet, and per principal. */
export function defaultRateLimit(clock: Clock): RateLimit {
  const perDevice = createTokenBuckets({ capacity: 30, clock, perSecond: 0.2 });
  const perSubnet = createTokenBuckets({ capacity: 2000, clock, perSecond: 100 });
  const perPrincipal = createTokenBuckets({ capacity: 300, clock, perSecond: 10 });
  return ({ route, subject, address }) =>
    route === 'admin'
      ? perPrincipal.take(subject)
      : (perDevice.take(subject) ?? (address === undefined ? undefined : perSubnet.take(subnetOf(address))));
}
