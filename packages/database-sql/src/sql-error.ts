import { isOtaError } from '@kivyx-ota/core';
import { type DatabaseError, databaseError } from '@kivyx-ota/database';

const ATTEMPTS = 8;

/** The code that the driver put on the error, or on the one below it. */
function codeOf(error: unknown): string {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code, errno } = one as { code?: unknown; errno?: unknown };
    if (typeof code === 'string') return code;
    if (typeof errno === 'number') return String(errno);
  }
  return '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The database undid the whole transaction because of others: the same again may succeed. */
function isConflict(error: unknown): boolean {
  return (
    /^(?:40001|40P01|55P03|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT|ER_CHECKREAD|SQLITE_BUSY.*|SQLITE_LOCKED.*)$/.test(
      codeOf(error),
    ) || /database (?:table )?is locked/.test(messageOf(error))
  );
}

/** A row with this key is there already. */
export function isDuplicate(error: unknown): boolean {
  return (
    /^(?:23505|ER_DUP_ENTRY|SQLITE_CONSTRAINT.*)$/.test(codeOf(error)) ||
    /UNIQUE constraint failed/.test(messageOf(error))
  );
}

function isMissingTable(error: unknown): boolean {
  return /^(?:42P01|ER_NO_SUCH_TABLE)$/.test(codeOf(error)) || /no such table/.test(messageOf(error));
}

/** Wrong statements, values, rights: trying again changes nothing. */
function isPermanent(error: unknown): boolean {
  return (
    /^(?:2[238]...|42...|0A...|3D...|ER_(?!LOCK|CON_|SERVER_|QUERY_|CHECKREAD).*|SQLITE_(?:ERROR|CONSTRAINT|CORRUPT|NOTADB|READONLY|MISMATCH|TOOBIG|RANGE).*)$/.test(
      codeOf(error),
    ) || /no such column|syntax error|constraint failed/.test(messageOf(error))
  );
}

/** As the contract says it, with the driver's error as `cause`. */
export function toDatabaseError(name: string, doing: string, error: unknown): DatabaseError {
  if (isOtaError(error)) return error as DatabaseError;
  if (isMissingTable(error))
    return databaseError(
      'ERR_DATABASE_UNAVAILABLE',
      name,
      `${doing}: a table is missing; call migrate() before the first use`,
      { cause: error, retryable: false },
    );
  return databaseError('ERR_DATABASE_UNAVAILABLE', name, `${doing}: ${messageOf(error)}`, {
    cause: error,
    retryable: !isPermanent(error),
  });
}

/**
 * Runs `work`, again when the database undid it for the sake of another transaction (deadlock, lock, serialization).
 * Lost connections are not tried again: whether the change was made is unknown then, and the caller can read.
 *
 * @throws ERR_DATABASE_UNAVAILABLE
 */
export async function attempt<T>(name: string, doing: string, work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      if (round === ATTEMPTS || !isConflict(error)) throw toDatabaseError(name, doing, error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4 * 2 ** round));
    }
  }
}
