import { isOtaError, OtaError } from '@kivyx-ota/core';
import { expect, it } from 'vitest';

it('an OtaError carries code, details and cause, and is recognised by code', () => {
  const cause = new Error('socket');
  const error = new OtaError('ERR_X_Y', 'message', { cause, details: { key: 1 }, retryable: true });
  expect(error).toMatchObject({
    cause,
    code: 'ERR_X_Y',
    details: { key: 1 },
    message: 'message',
    retryable: true,
  });
  expect(isOtaError(error)).toBe(true);
  expect(isOtaError(error, 'ERR_X_Y')).toBe(true);
  expect(isOtaError(error, 'ERR_OTHER')).toBe(false);
  expect(isOtaError(new Error('x'))).toBe(false);
});
