// The house's floors (docs/guide/architecture.md): a package may depend on packages of its own
// floor or below, adapters never on each other, and nothing on the command line tool.

/** @type {Record<string, 0 | 1 | 2 | 3>} */
export const FLOOR = {
  core: 0,
  cose: 0,
  manifest: 0,
  rollout: 0,
  delta: 0,
  lifecycle: 0,
  guardrail: 0,
  'bsdiff-wasm': 1,
  'signer-aws-kms': 1,
  storage: 1,
  'storage-fs': 1,
  'storage-s3': 1,
  'storage-r2': 1,
  database: 1,
  'database-sql': 1,
  'database-dynamodb': 1,
  conformance: 1,
  client: 2,
  publisher: 2,
  server: 2,
  provenance: 2,
  'client-react-native': 3,
  expo: 3,
  cli: 3,
  'runtime-tests': 3,
};

/** Adapters implement a contract of their floor; they may import the contract, never a sibling adapter. */
export const ADAPTERS = new Set([
  'bsdiff-wasm',
  'signer-aws-kms',
  'storage-fs',
  'storage-s3',
  'storage-r2',
  'database-sql',
  'database-dynamodb',
]);

/** Floor 2 packages that may be built on another package of floor 2. */
export const SAME_FLOOR_EXCEPTIONS = new Set([]);

/** Runs inside the app: ECMAScript only (Hermes has no Node, no DOM, no WebAssembly). */
export const DEVICE_PACKAGES = new Set([
  'core',
  'cose',
  'manifest',
  'rollout',
  'delta',
  'lifecycle',
  'guardrail',
  'client',
]);
