export { type AwsKmsSigner, awsKmsSigner, type AwsKmsSignerOptions } from './aws-kms-signer.ts';
export type { KmsError, KmsErrorCode } from './error.ts';
