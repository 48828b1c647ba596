// Every published bucket and decision, without a test runner: the same list runs in every engine of runtime-tests.
import type { ChannelIndex } from '@kivyx-ota/manifest';
import { bucketOf, decide, type DeviceFacts } from '@kivyx-ota/rollout';
import buckets from '../../../../docs/spec/vectors/bucket.json' with { type: 'json' };
import decisions from '../../../../docs/spec/vectors/decide.json' with { type: 'json' };
import { outcomeOf } from '../../scripts/decide-cases.ts';

/** JSON with sorted members: equal values, equal text. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.keys(inner)
          .sort()
          .reduce((out, key) => ({ ...out, [key]: (inner as Record<string, unknown>)[key] }), {})
      : inner,
  );
}

export const rolloutVerdicts: readonly {
  readonly title: string;
  readonly expected: string;
  verdict(): string;
}[] = [
  ...buckets.map(({ bucket, deviceId, salt }) => ({
    expected: String(bucket),
    title: `bucket of ${JSON.stringify(deviceId.slice(0, 40))} in ${salt}`,
    verdict: () => String(bucketOf(salt, deviceId)),
  })),
  ...decisions.map(({ decision, device, index, name, nowSeconds }) => ({
    expected: text(decision),
    title: `decision: ${name}`,
    verdict: () =>
      text(outcomeOf(decide(index as unknown as ChannelIndex, device as DeviceFacts, nowSeconds))),
  })),
];
