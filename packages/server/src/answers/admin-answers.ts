import type { ChannelScope } from '@kivyx-ota/manifest';
import type * as v from 'valibot';
import { openScope } from '../access/authorise.ts';
import { serverError } from '../http/error.ts';
import { readAdminBody } from '../http/input.ts';
import { json } from '../http/respond.ts';
import type { RouteName } from '../http/routes.ts';
import { SCHEMAS } from '../http/schemas.ts';
import type { Answer, AnswerParts, Asked } from './answer.ts';

/** The verbs on releases. */
export function adminAnswers({
  admin,
  options: { database, project },
}: AnswerParts): Pick<
  Record<RouteName, Answer>,
  'pause' | 'patches' | 'promote' | 'publish' | 'resume' | 'retry' | 'revoke' | 'rollout'
> {
  /** The body, and the channel that it is about, when the key is for its app. */
  const read = async <T extends Omit<ChannelScope, 'project'>>(
    { principal, request }: Asked,
    schema: v.GenericSchema<unknown, T>,
  ): Promise<{ readonly input: T; readonly scope: ChannelScope }> => {
    const input = await readAdminBody(request, schema);
    return { input, scope: openScope(principal, project, input) };
  };
  const setStatus =
    (status: 'active' | 'paused'): Answer =>
    async (asked) => {
      const { scope } = await read(asked, SCHEMAS.statusBody);
      return json(200, await admin.setStatus(scope, asked.param('id'), status, asked.principal.id));
    };
  return {
    patches: async (asked) => {
      const { input, scope } = await read(asked, SCHEMAS.patchesBody);
      const id = asked.param('id');
      return json(200, await admin.namePatches(scope, id, input.patches, asked.principal.id));
    },
    pause: setStatus('paused'),
    promote: async (asked) => {
      const { input, scope } = await read(asked, SCHEMAS.promoteBody);
      const found = await database.readRelease(scope, asked.param('id'));
      if (found === undefined)
        throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such release in this channel');
      if (found.release.status === 'revoked')
        throw serverError('ERR_SERVER_STATE', 'This release is revoked; publish a new one');
      const { rollbackTo: _gone, ...release } = found.release;
      const promoted = {
        ...release,
        rolloutBasisPoints: input.basis_points ?? 10_000,
        status: 'active',
      } as const;
      const to = { ...scope, channel: input.to_channel };
      return json(200, await admin.publish(to, promoted, asked.principal.id));
    },
    publish: async (asked) => {
      const { input, scope } = await read(asked, SCHEMAS.publishBody);
      const result = await admin.publish(scope, input.release, asked.principal.id);
      return json(result.changed ? 201 : 200, result);
    },
    resume: setStatus('active'),
    retry: async (asked) => {
      const { scope } = await read(asked, SCHEMAS.statusBody);
      return json(200, await admin.retry(scope, asked.param('id'), asked.principal.id));
    },
    revoke: async (asked) => {
      const { input, scope } = await read(asked, SCHEMAS.revokeBody);
      const id = asked.param('id');
      return json(200, await admin.revoke(scope, id, input.rollback_to, asked.principal.id));
    },
    rollout: async (asked) => {
      const { input, scope } = await read(asked, SCHEMAS.rolloutBody);
      const basisPoints = input.basis_points ?? Math.round((input.percent as number) * 100);
      return json(200, await admin.setRollout(scope, input.release_id, basisPoints, asked.principal.id));
    },
  };
}
