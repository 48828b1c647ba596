import { usageError } from './usage-error.ts';

/** A whole number of at least 0. @throws ERR_CLI_USAGE */
export function parseCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw usageError(`${flag} is a whole number, not ${text}`);
  return Number(text);
}
