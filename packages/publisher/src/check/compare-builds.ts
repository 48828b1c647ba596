import { isOtaError } from '@kivyx-ota/core';
import { inspectBytecode } from '@kivyx-ota/delta/bytecode';
import { bundleKind } from './bundle-kind.ts';

/** How a launch file was built, as far as it shows. */
export interface BuildFlags {
  readonly kind: 'hermes' | 'javascript';
  readonly hbcVersion?: number;
  /** Source positions inside the bytecode. */
  readonly debugInfo?: boolean;
  /** Flags of the compiler that are in the file. */
  readonly compilerOptions?: number;
  /** Names or lines are as short as a minifier makes them. Absent when there is too little to tell. */
  readonly minified?: boolean;
}

/** A flag that two builds do not share. */
export interface BuildDifference {
  readonly flag: keyof BuildFlags;
  readonly embedded: string | number | boolean;
  readonly release: string | number | boolean;
}

// Below this there is too little to tell a minifier's work from short code.
const ENOUGH_NAMES = 50;
const ENOUGH_SOURCE_BYTES = 2000;

/** What a launch file shows of its build. */
export function buildFlags(bytes: Uint8Array): BuildFlags {
  const bundle = bundleKind(bytes);
  if (bundle.kind === 'javascript') {
    const lines = bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1);
    return bytes.length < ENOUGH_SOURCE_BYTES
      ? { kind: 'javascript' }
      : { kind: 'javascript', minified: bytes.length / lines > 200 };
  }
  const version = bundle.kind === 'hermes' ? { hbcVersion: bundle.hbcVersion } : {};
  const facts = factsOf(bytes);
  const { namedFunctionCount: named = 0, shortFunctionNameCount: short = 0 } = facts ?? {};
  return {
    kind: 'hermes',
    ...version,
    ...(facts?.hasDebugInfo === undefined ? {} : { debugInfo: facts.hasDebugInfo }),
    ...(facts?.options === undefined ? {} : { compilerOptions: facts.options }),
    ...(named < ENOUGH_NAMES ? {} : { minified: short / named > 0.4 }),
  };
}

/** The flags that differ, of those that both builds show. */
export function compareBuilds(embedded: Uint8Array, release: Uint8Array): readonly BuildDifference[] {
  const [a, b] = [buildFlags(embedded), buildFlags(release)];
  return (['kind', 'hbcVersion', 'debugInfo', 'compilerOptions', 'minified'] as const).flatMap((flag) => {
    const [one, other] = [a[flag], b[flag]];
    return one === undefined || other === undefined || one === other
      ? []
      : [{ embedded: one, flag, release: other }];
  });
}

function factsOf(bytes: Uint8Array): ReturnType<typeof inspectBytecode> {
  try {
    return inspectBytecode(bytes);
  } catch (error) {
    if (isOtaError(error)) return undefined;
    throw error;
  }
}
