export { bundleApp, type BundleAppOptions, type BundledApp } from './node/bundle-app.ts';
export { composeSourceMaps, type ComposeSourceMapsOptions } from './node/compose-source-maps.ts';
export { type CompiledBytecode, compileHermes, type CompileHermesOptions } from './node/compile-hermes.ts';
export { compressForTransport } from './node/compress-for-transport.ts';
export { findHermesc } from './node/find-hermesc.ts';
export { readAssetList } from './node/read-asset-list.ts';
export { readReleaseFolder, type ReleaseFolder } from './node/read-release-folder.ts';
export {
  type ParallelPatchMaker,
  parallelPatchMaker,
  type ParallelPatchMakerOptions,
} from './node/parallel-patch-maker.ts';
export {
  type AppFingerprint,
  explainFingerprints,
  fingerprintApp,
  type FingerprintSource,
} from './node/fingerprint-app.ts';
export { findPackage } from './node/find-package.ts';
export { type EmbeddedBundle, parseEmbeddedBundle, readEmbeddedBundle } from './node/read-embedded-bundle.ts';
export { type NativeVersion, readNativeVersion } from './node/read-native-version.ts';
export { type Bundler, runBundler, type RunBundlerOptions } from './node/run-bundler.ts';
export {
  type RuntimeVersion,
  runtimeVersionOf,
  type RuntimeVersionOptions,
  type RuntimeVersionPolicy,
} from './node/runtime-version-of.ts';
