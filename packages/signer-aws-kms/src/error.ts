import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** Why KMS did not sign. Cause and remedy of each code: README.md. */
export type KmsErrorCode =
  | 'ERR_KMS_KEY_SPEC'
  | 'ERR_KMS_KEY_CHANGED'
  | 'ERR_KMS_SIGNATURE'
  | 'ERR_KMS_DENIED'
  | 'ERR_KMS_UNAVAILABLE';

/** A refusal by this package: nothing was signed. */
export type KmsError = OtaError<KmsErrorCode>;

/** The error for `code`. */
export function kmsError(code: KmsErrorCode, message: string, options: OtaErrorOptions = {}): KmsError {
  return new OtaError(code, message, { retryable: code === 'ERR_KMS_UNAVAILABLE', ...options });
}

/** What the SDK threw, in our words. */
export function fromSdk(what: string, error: unknown): KmsError {
  const { message = String(error), name = 'Error' } = error as {
    readonly message?: string;
    readonly name?: string;
  };
  const denied =
    /AccessDenied|CredentialsProvider|NotFound|Disabled|InvalidSignature|UnrecognizedClient|InvalidKeyUsage|KMSInvalidState|Validation/.test(
      name,
    );
  return kmsError(denied ? 'ERR_KMS_DENIED' : 'ERR_KMS_UNAVAILABLE', `${what}: ${name}: ${message}`, {
    cause: error,
  });
}
