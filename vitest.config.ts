import { defineConfig } from 'vitest/config';
import { SlowFirst } from './tools/slow-first.ts';

// Tests read package sources, not builds: nothing has to be compiled first.
// Without 'import': Node would give it to require() too, and pg breaks on that.
const conditions: string[] = ['@kivyx-ota/source', 'node'];

/** Packages whose code and tests leave nothing behind in a process: their files run in one, and load what they share once. */
const TOGETHER: readonly string[] = [
  'core',
  'cose',
  'database',
  'guardrail',
  'manifest',
  'publisher',
  'rollout',
  'server',
  'storage',
].map((name) => `packages/${name}/test/**/*.test.ts`);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Of `$title`, 40 characters would be shown.
    chaiConfig: { truncateThreshold: 250 },
    // Servers and compilers start in hooks, beside other tests.
    hookTimeout: 60_000,
    // Half as many again as cores: many tests wait for a server, a disk or a timer.
    maxWorkers: '150%',
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { include: [...TOGETHER], isolate: false, name: 'together' } },
      {
        extends: true,
        test: {
          exclude: ['**/node_modules/**', ...TOGETHER],
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'tools/test/**/*.test.ts',
          ],
          name: 'apart',
        },
      },
    ],
  },
});
