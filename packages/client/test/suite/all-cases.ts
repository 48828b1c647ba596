import { updateCases } from './cases.ts';
import { facadeCases } from './facade-cases.ts';
import type { Case } from './harness.ts';
import { healthCases } from './health-cases.ts';
import { installCases } from './install-cases.ts';
import { regressionCases } from './regression-cases.ts';
import { resumeCases } from './resume-cases.ts';
import { telemetryCases } from './telemetry-cases.ts';
import { tufCases } from './tuf-cases.ts';

/** Everything that is said of the client, for any engine. */
export const clientCases: readonly Case[] = [
  ...updateCases,
  ...resumeCases,
  ...healthCases,
  ...installCases,
  ...facadeCases,
  ...telemetryCases,
  ...regressionCases,
  ...tufCases,
];
