export { bundleForEngines } from './bundle-for-engines.ts';
export { type AwsAccount, isSigned } from './is-signed.ts';
export { type PlainCase, reportCases } from './report-cases.ts';
export { findHermes, runInHermes } from './run-in-hermes.ts';
export { runInQuickJs } from './run-in-quickjs.ts';
