import { createApiKey } from '../access/api-keys.ts';
import { serverError } from '../http/error.ts';
import { readAdminBody } from '../http/input.ts';
import { json } from '../http/respond.ts';
import type { RouteName } from '../http/routes.ts';
import { SCHEMAS } from '../http/schemas.ts';
import type { Answer, AnswerParts } from './answer.ts';

/** Making and revoking API keys. */
export function keyAnswers({
  clock,
  options: { database },
}: AnswerParts): Pick<Record<RouteName, Answer>, 'createKey' | 'revokeKey'> {
  return {
    createKey: async ({ principal, request }) => {
      const { apps, ...grant } = await readAdminBody(request, SCHEMAS.keyBody);
      // Nobody gives what they do not have.
      if (grant.scopes.some((scope) => !principal.scopes.includes(scope)))
        throw serverError('ERR_SERVER_FORBIDDEN', 'A key cannot have scopes that its maker lacks');
      if (principal.apps !== undefined && !(apps ?? ['*']).every((app) => principal.apps?.includes(app)))
        throw serverError('ERR_SERVER_FORBIDDEN', 'A key cannot be for apps that its maker lacks');
      const made = await createApiKey(database, apps === undefined ? grant : { ...grant, apps }, {
        actor: principal.id,
        nowMs: clock.nowMs(),
      });
      return json(201, made);
    },
    revokeKey: async ({ param, principal }) => {
      const id = param('id');
      const nowMs = clock.nowMs();
      const done = await database.revokeApiKey(id, nowMs, {
        action: 'key-revoke',
        actor: principal.id,
        atMs: nowMs,
        detail: { id },
        subject: 'keys',
      });
      if (!done) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such key');
      return json(200, { id, revoked: true });
    },
  };
}
