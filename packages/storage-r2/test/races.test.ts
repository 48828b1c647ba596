import { publisherCases, RACE_ROUNDS } from '@kivyx-ota/runtime-tests/publisher-cases';
import { memoryStorage } from '@kivyx-ota/storage';
import { Miniflare } from 'miniflare';
import { afterAll, expect, it } from 'vitest';
import { bundleWorker } from './bundle-worker.ts';

// The publisher itself runs in workerd. `nodejs_compat` is for the cases (assert, timers), not for our packages.
const miniflare = new Miniflare({
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_compat'],
  modules: true,
  r2Buckets: ['BUCKET'],
  script: await bundleWorker('races.ts'),
});
afterAll(() => miniflare.dispose());

it.each(
  publisherCases({ create: memoryStorage, rounds: RACE_ROUNDS }).map(({ title }, number) => ({
    number,
    title,
  })),
)(
  '$title',
  async ({ number }) => {
    expect(
      await (await miniflare.dispatchFetch(`http://worker/${number}?rounds=${RACE_ROUNDS}`)).text(),
    ).toBe('ok');
  },
  400_000,
);
