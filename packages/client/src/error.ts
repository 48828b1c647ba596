import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** Why an update did not happen. Cause and remedy of each code: README.md. */
export type ClientErrorCode =
  | 'ERR_CLIENT_URL'
  | 'ERR_CLIENT_NETWORK'
  | 'ERR_CLIENT_TIMEOUT'
  | 'ERR_CLIENT_SLOW'
  | 'ERR_CLIENT_HTTP_STATUS'
  | 'ERR_CLIENT_REDIRECT'
  | 'ERR_CLIENT_TOO_LARGE'
  | 'ERR_CLIENT_ABORTED'
  | 'ERR_CLIENT_ROLLBACK_ATTACK'
  | 'ERR_CLIENT_EQUIVOCATION'
  | 'ERR_CLIENT_INDEX_EXPIRED'
  | 'ERR_CLIENT_HASH'
  | 'ERR_CLIENT_MANIFEST_MISMATCH'
  | 'ERR_CLIENT_STORAGE'
  | 'ERR_CLIENT_NO_SPACE'
  | 'ERR_CLIENT_STATE';

/** An error of the client. The device goes on running what it runs. */
export type ClientError = OtaError<ClientErrorCode>;

/** The error for `code`. */
export function clientError(
  code: ClientErrorCode,
  message: string,
  options: OtaErrorOptions = {},
): ClientError {
  return new OtaError(code, message, options);
}
