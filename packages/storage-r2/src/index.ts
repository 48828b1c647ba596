export type { R2BucketBinding, R2Body, R2Condition, R2Head, R2Metadata } from './r2-bucket-binding.ts';
export { r2Storage, type R2StorageOptions } from './r2-storage.ts';
