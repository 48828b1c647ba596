export { bsdiffWasmBytes, loadBsdiff, type LoadOptions } from './load-bsdiff.ts';
