export { publisherCases, type PublisherCasesOptions } from './publisher/cases.ts';

/** Rounds of the race in our own tests: a few where somebody waits for the result; CI has a step of its own with fifty. */
export const RACE_ROUNDS: number = Number(globalThis.process?.env['RACE_ROUNDS'] ?? 8);
