import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** What the server answers when it does not do what was asked. Closed; documented in README.md. */
export type ServerErrorCode =
  | 'ERR_SERVER_INPUT'
  | 'ERR_SERVER_UNAUTHENTICATED'
  | 'ERR_SERVER_FORBIDDEN'
  | 'ERR_SERVER_NOT_FOUND'
  | 'ERR_SERVER_STATE'
  | 'ERR_SERVER_CONTENTION'
  | 'ERR_SERVER_INDEX_FULL'
  | 'ERR_SERVER_TOO_LARGE'
  | 'ERR_SERVER_RATE_LIMITED'
  | 'ERR_SERVER_OVERLOADED'
  | 'ERR_SERVER_UNAVAILABLE'
  | 'ERR_SERVER_INTERNAL';

/** A refusal of this package. */
export type ServerError = OtaError<ServerErrorCode>;

const STATUS: Readonly<Record<ServerErrorCode, number>> = {
  ERR_SERVER_CONTENTION: 409,
  ERR_SERVER_FORBIDDEN: 403,
  ERR_SERVER_INDEX_FULL: 409,
  ERR_SERVER_INPUT: 400,
  ERR_SERVER_INTERNAL: 500,
  ERR_SERVER_NOT_FOUND: 404,
  ERR_SERVER_OVERLOADED: 503,
  ERR_SERVER_RATE_LIMITED: 429,
  ERR_SERVER_STATE: 409,
  ERR_SERVER_TOO_LARGE: 413,
  ERR_SERVER_UNAUTHENTICATED: 401,
  ERR_SERVER_UNAVAILABLE: 503,
};

/** The error for `code`. `details.retryAfterSeconds` becomes the header. */
export function serverError(
  code: ServerErrorCode,
  message: string,
  options: OtaErrorOptions = {},
): ServerError {
  return new OtaError(code, message, options);
}

/** True for an error that was made to be shown. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof OtaError && error.code in STATUS;
}

/** `application/problem+json` (RFC 9457). Only errors of this package say what they say; others say nothing. */
export function problemResponse(error: unknown): Response {
  const known = isServerError(error)
    ? error
    : error instanceof OtaError && error.retryable
      ? serverError('ERR_SERVER_UNAVAILABLE', 'A part behind this server does not answer; try again', {
          details: { retryAfterSeconds: 5 },
        })
      : serverError('ERR_SERVER_INTERNAL', 'The server failed; its log says why');
  const status = STATUS[known.code];
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
    'x-content-type-options': 'nosniff',
  };
  const { retryAfterSeconds } = known.details;
  if (typeof retryAfterSeconds === 'number') headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(
    JSON.stringify({
      code: known.code,
      detail: known.message,
      status,
      title: known.code,
      type: 'about:blank',
    }),
    { headers, status },
  );
}
