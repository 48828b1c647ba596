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

/** Arrows that stay on one floor: package → the packages of its own floor it may build on. */
export const ORDER_ON_FLOOR = {
  cose: ['core'],
  manifest: ['core', 'cose'],
  rollout: ['core', 'manifest'],
  delta: ['core'],
  lifecycle: ['core'],
  guardrail: ['core'],
  'storage-fs': ['storage'],
  'storage-s3': ['storage'],
  'storage-r2': ['storage'],
  'database-sql': ['database'],
  'database-dynamodb': ['database'],
  conformance: ['storage', 'database'],
  expo: ['client-react-native'],
};

/**
 * Packages whose code runs inside the app: ECMAScript only (Hermes has no Node, no DOM, no WebAssembly).
 * The listed files or folders below `src/` are the entries that never reach a device.
 */
export const DEVICE_PACKAGES = {
  core: [],
  cose: [],
  manifest: [],
  rollout: [],
  delta: [],
  lifecycle: ['simulation'],
  guardrail: [],
  client: ['node', 'simulation'],
  // React Native's own globals, and nothing else's.
  'client-react-native': ['platform'],
};
