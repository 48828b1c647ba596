import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** Why the native project was left as it is. Cause and remedy of each code: README.md. */
export type ExpoErrorCode =
  | 'ERR_EXPO_TEMPLATE_UNKNOWN'
  | 'ERR_EXPO_LANGUAGE'
  | 'ERR_EXPO_BUNDLE_PATH_TAKEN'
  | 'ERR_EXPO_UPDATES_ACTIVE';

/** An error of the config plugin; prebuild stops. */
export type ExpoError = OtaError<ExpoErrorCode>;

/** The error for `code`. */
export function expoError(code: ExpoErrorCode, message: string, options: OtaErrorOptions = {}): ExpoError {
  return new OtaError(code, message, options);
}
