import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** Why something was not published. Cause and remedy of each code: README.md. */
export type PublishErrorCode =
  | 'ERR_PUBLISH_ASSET_LAYOUT'
  | 'ERR_PUBLISH_EMPTY'
  | 'ERR_PUBLISH_BYTECODE'
  | 'ERR_PUBLISH_HERMESC'
  | 'ERR_PUBLISH_BUNDLER'
  | 'ERR_PUBLISH_ARCHIVE'
  | 'ERR_PUBLISH_RUNTIME'
  | 'ERR_PUBLISH_PLAIN_JS'
  | 'ERR_PUBLISH_BINARY_VERSION'
  | 'ERR_PUBLISH_BUDGET'
  | 'ERR_PUBLISH_SOURCE_MAP'
  | 'ERR_PUBLISH_INDEX_FULL'
  | 'ERR_PUBLISH_VERSION_CODE'
  | 'ERR_PUBLISH_RELEASE_ID'
  | 'ERR_PUBLISH_UNKNOWN_RELEASE'
  | 'ERR_PUBLISH_STATE'
  | 'ERR_PUBLISH_KEY'
  | 'ERR_PUBLISH_ROOTS'
  | 'ERR_PUBLISH_LOG'
  | 'ERR_PUBLISH_NO_CONDITIONAL_WRITES'
  | 'ERR_PUBLISH_CONTENTION'
  | 'ERR_PUBLISH_TOO_SLOW'
  | 'ERR_PUBLISH_GARBAGE'
  | 'ERR_PUBLISH_SERVER'
  | 'ERR_PUBLISH_CORRUPT';

/** A refusal by the publisher: the channel is as it was. */
export type PublishError = OtaError<PublishErrorCode>;

/** The error for `code`. */
export function publishError(
  code: PublishErrorCode,
  message: string,
  options: OtaErrorOptions = {},
): PublishError {
  return new OtaError(code, message, options);
}
