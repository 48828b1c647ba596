import { it } from 'vitest';
import { clientCases } from './suite/all-cases.ts';

it.each(clientCases)('$title', async ({ run }) => run());
