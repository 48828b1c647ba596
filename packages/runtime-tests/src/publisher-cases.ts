export { publisherCases, type PublisherCasesOptions } from './publisher/cases.ts';

/** Rounds of the race in our own tests: all of them in CI, a few where somebody waits for the result. */
export const RACE_ROUNDS: number = globalThis.process?.env.CI === undefined ? 8 : 50;
