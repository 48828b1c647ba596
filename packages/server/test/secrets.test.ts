import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSecrets } from '../src/access/secrets.ts';

it('device hashes are HMAC-SHA-256 as others compute it, whatever was hashed before', () => {
  const secret = new Uint8Array(32).fill(7);
  const secrets = createSecrets(secret);
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 300, unit: 'grapheme' })), (ids) => {
      for (const id of ids)
        expect(secrets.deviceHash(id)).toBe(
          createHmac('sha256', secret).update(`kivyx-device-v1\0${id}`).digest('hex').slice(0, 32),
        );
      const ticket = secrets.ticket('r1', 'd1', 1000);
      expect(secrets.isTicket(ticket, 'r1', 'd1', 999)).toBe(true);
      expect(secrets.isTicket(ticket, 'r1', 'd1', 1000)).toBe(false);
      expect(secrets.isTicket(ticket, 'r2', 'd1', 999)).toBe(false);
    }),
  );
});
