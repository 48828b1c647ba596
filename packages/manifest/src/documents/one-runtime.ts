import type { Check } from '../shape/shape.ts';

/** A release says in exactly one of two ways which binaries it runs in. */
export const ONE_RUNTIME: Check<{ readonly runtimeVersion?: string; readonly binaryVersion?: string }> = [
  (value) => (value.runtimeVersion === undefined) !== (value.binaryVersion === undefined),
  'either runtimeVersion or binaryVersion',
];
