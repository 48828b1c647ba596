export { type CompiledBytecode, compileHermes, type CompileHermesOptions } from './node/compile-hermes.ts';
export { compressForTransport } from './node/compress-for-transport.ts';
export { findHermesc } from './node/find-hermesc.ts';
export { readReleaseFolder, type ReleaseFolder } from './node/read-release-folder.ts';
export {
  type ParallelPatchMaker,
  parallelPatchMaker,
  type ParallelPatchMakerOptions,
} from './node/parallel-patch-maker.ts';
