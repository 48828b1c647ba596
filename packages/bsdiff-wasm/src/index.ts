export { fastestDiffer } from './fastest-differ.ts';
export { bsdiffWasmBytes, loadBsdiff, type LoadOptions } from './load-bsdiff.ts';
