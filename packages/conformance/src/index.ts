export type { ConformanceCase } from './case.ts';
export { storageCases, type StorageCasesOptions } from './storage-cases.ts';
