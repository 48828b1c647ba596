export type { ConformanceCase } from './case.ts';
export { storageCases, type StorageCasesOptions } from './storage-cases.ts';
export {
  databaseBudgetCases,
  type DatabaseBudgets,
  type DatabaseBudgetsOptions,
} from './database-budget-cases.ts';
export { databaseCases, type DatabaseCasesOptions } from './database-cases.ts';
export { type DatabaseContentionOptions, databaseContentionCases } from './database-contention-cases.ts';
