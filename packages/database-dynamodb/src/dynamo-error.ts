import { isOtaError } from '@kivyx-ota/core';
import { type DatabaseError, databaseError } from '@kivyx-ota/database';

export const NAME = 'dynamodb';

/** Wrong requests, tables, rights: trying again changes nothing. */
const PERMANENT: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'IdempotentParameterMismatchException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'ItemCollectionSizeLimitExceededException',
  'MissingAuthenticationTokenException',
  'ResourceNotFoundException',
  'SerializationException',
  'UnrecognizedClientException',
  'ValidationException',
]);

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** As the contract says it, with the SDK's error as `cause`. */
export function toDatabaseError(doing: string, error: unknown): DatabaseError {
  if (isOtaError(error)) return error as DatabaseError;
  const name = nameOf(error);
  const hint = name === 'ResourceNotFoundException' ? '; make the table as dynamodbTable() says' : '';
  return databaseError(
    'ERR_DATABASE_UNAVAILABLE',
    NAME,
    `${doing}: ${error instanceof Error ? error.message : String(error)}${hint}`,
    { cause: error, retryable: !PERMANENT.has(name) },
  );
}

/** Why each item of a cancelled transaction was refused, in the order of the request; undefined for other errors. */
export function cancellationCodes(error: unknown): readonly string[] | undefined {
  if (nameOf(error) !== 'TransactionCanceledException') return undefined;
  const reasons = (error as { CancellationReasons?: readonly { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map(({ Code = 'None' }) => Code);
}

/** Somebody else writes the same items right now. */
export function isConflict(error: unknown): boolean {
  const codes = cancellationCodes(error);
  if (codes === undefined) return /^Transaction(?:Conflict|InProgress)Exception$/.test(nameOf(error));
  return codes.every((code) =>
    /^(?:None|TransactionConflict|ThrottlingError|ProvisionedThroughputExceeded)$/.test(code),
  );
}
