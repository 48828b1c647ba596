import { type ChannelScope } from '@kivyx-ota/manifest';
import { decide } from '@kivyx-ota/rollout';
import type { ChannelSnapshot } from '../channels/channels.ts';
import { serverError } from '../http/error.ts';
import { readInput, readJson, readQuery } from '../http/input.ts';
import { jsonText } from '../http/respond.ts';
import type { RouteName } from '../http/routes.ts';
import { SCHEMAS } from '../http/schemas.ts';
import type { Answer, AnswerParts } from './answer.ts';
import { encodeUpdateAnswer } from './update-answer.ts';
import { decodeUpdateQuery } from './update-query.ts';

const INDEX_CACHE = 'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400';
const TELEMETRY_BYTES = 16_384;
const TICKET_SECONDS = 7 * 86_400;

/** What devices ask. */
export function deviceAnswers({
  options: { identifyDevice = (id) => id, project },
  channels,
  clock,
  secrets,
  telemetry,
}: AnswerParts): Pick<Record<RouteName, Answer>, 'index' | 'update' | 'telemetry'> {
  const snapshotOf = async (scope: ChannelScope): Promise<ChannelSnapshot> => {
    const snapshot = await channels.read(scope);
    if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
    return snapshot;
  };
  return {
    index: async ({ request, param }) => {
      const path = { app: param('app'), channel: param('channel'), platform: param('platform') };
      const { app, channel, platform } = readInput(SCHEMAS.scope, path);
      const { envelope, etag } = await snapshotOf({ app, channel, platform, project });
      const headers: Record<string, string> = {
        'cache-control': INDEX_CACHE,
        'content-type': 'application/cose; cose-type="cose-sign1"',
        etag,
        'x-content-type-options': 'nosniff',
      };
      if (isMatch(request.headers.get('if-none-match'), etag))
        return new Response(null, { headers, status: 304 });
      headers['content-length'] = String(envelope.length);
      return new Response(envelope as Uint8Array<ArrayBuffer>, { headers });
    },
    telemetry: async ({ request, context }) => {
      const input = await readJson(request, TELEMETRY_BYTES);
      return jsonText(202, JSON.stringify(await telemetry(input, request, context)));
    },
    update: async ({ request }) => {
      const query = readInput(SCHEMAS.updateQuery, readQuery(request.url));
      const facts = decodeUpdateQuery(query, project);
      const device = identifyDevice(facts.deviceId, request);
      if (device === undefined) throw serverError('ERR_SERVER_FORBIDDEN', 'This device is not known');
      const { index } = await snapshotOf(facts);
      const nowSeconds = Math.floor(clock.nowMs() / 1000);
      const decision = decide(index, { ...facts, deviceId: device }, nowSeconds);
      if (decision.action === 'none' && query.explain !== '1')
        return new Response(null, { headers: { 'cache-control': 'no-store' }, status: 204 });
      return jsonText(
        200,
        encodeUpdateAnswer(decision, {
          explain: query.explain === '1',
          ticketFor: (releaseId) =>
            secrets.ticket(releaseId, secrets.deviceHash(device), nowSeconds + TICKET_SECONDS),
        }),
      );
    },
  };
}

/** If-None-Match is a list compared weakly (RFC 9110 §13.1.2). */
function isMatch(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
