import { publisherCases, RACE_ROUNDS } from '@kivyx-ota/runtime-tests/publisher-cases';
import { memoryStorage } from '@kivyx-ota/storage';
import { it } from 'vitest';

it.each(publisherCases({ create: memoryStorage, rounds: RACE_ROUNDS }))(
  '$title',
  async ({ run }) => run(),
  400_000,
);
