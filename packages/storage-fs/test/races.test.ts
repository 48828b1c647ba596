import { publisherCases, RACE_ROUNDS } from '@kivyx-ota/runtime-tests/publisher-cases';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';

// In memory where the system has that: thousands of flushes are not what these cases are about.
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { force: true, recursive: true }))));

it.each(
  publisherCases({
    create: async () => {
      const directory = await mkdtemp(join(PLACE, 'kivyx-races-'));
      made.push(directory);
      return fsStorage({ directory });
    },
    rounds: RACE_ROUNDS,
  }),
)('$title', async ({ run }) => run(), 400_000);
