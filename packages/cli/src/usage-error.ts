import { OtaError } from '@kivyx-ota/core';

/** The error of a wrong command line or configuration. */
export function usageError(message: string): OtaError<'ERR_CLI_USAGE'> {
  return new OtaError('ERR_CLI_USAGE', message);
}
