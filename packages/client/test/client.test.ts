import { it } from 'vitest';
import { clientCases } from './suite/cases.ts';

it.each(clientCases)('$title', async ({ run }) => run());
