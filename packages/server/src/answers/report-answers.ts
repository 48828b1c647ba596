import type { Page } from '@kivyx-ota/database';
import { channelKey } from '@kivyx-ota/database';
import type { ChannelScope } from '@kivyx-ota/manifest';
import type * as v from 'valibot';
import { openScope } from '../access/authorise.ts';
import { isGroupMark } from '../guardrail/group-mark.ts';
import { serverError } from '../http/error.ts';
import { readInput, readQuery } from '../http/input.ts';
import type { Gauge } from '../http/metrics.ts';
import { json } from '../http/respond.ts';
import type { RouteName } from '../http/routes.ts';
import { SCHEMAS } from '../http/schemas.ts';
import type { Answer, AnswerParts, Asked } from './answer.ts';

/** What people, publishers and monitoring read. */
export function reportAnswers({
  channels,
  clock,
  inFlight,
  metrics,
  options: { database, project },
}: AnswerParts): Pick<
  Record<RouteName, Answer>,
  'adoption' | 'audit' | 'channelAdoption' | 'funnel' | 'metrics' | 'releases'
> {
  /** The query, and the channel that it is about, when the key is for its app. */
  const read = <T extends Omit<ChannelScope, 'project'>>(
    { principal, request }: Asked,
    schema: v.GenericSchema<unknown, T>,
  ): { readonly query: T; readonly scope: ChannelScope } => {
    const query = readInput(schema, readQuery(request.url));
    return { query, scope: openScope(principal, project, query) };
  };
  const page = async <T>(
    asked: Asked,
    name: string,
    list: (scope: ChannelScope, options: { cursor?: string; limit: number }) => Promise<Page<T>>,
  ): Promise<Response> => {
    const { query, scope } = read(asked, SCHEMAS.listQuery);
    const { items, cursor } = await list(scope, {
      limit: Number(query.limit ?? 50),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    }).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'ERR_DATABASE_CURSOR')
        throw serverError('ERR_SERVER_INPUT', 'cursor: not one that this list gave');
      throw error;
    });
    return json(200, { [name]: items, ...(cursor === undefined ? {} : { cursor }) });
  };

  /** What was counted of a release. Most have counts, so only for none is it looked up whether there is such a release. */
  const counted = async <T>(
    scope: ChannelScope,
    releaseId: string,
    counts: readonly T[],
  ): Promise<readonly T[]> => {
    if (counts.length === 0 && (await database.readRelease(scope, releaseId)) === undefined)
      throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such release in this channel');
    return counts;
  };

  return {
    adoption: async (asked) => {
      const { query, scope } = read(asked, SCHEMAS.adoptionQuery);
      const toSeconds = Number(query.to_seconds ?? Math.floor(clock.nowMs() / 1000) + 3600);
      const fromSeconds = Math.max(
        Number(query.from_seconds ?? toSeconds - 7 * 86_400),
        toSeconds - 90 * 86_400,
      );
      const id = asked.param('id');
      const hours = await counted(
        scope,
        id,
        await database.readAdoption(scope, id, { fromSeconds, toSeconds }),
      );
      return json(200, { hours: hours.filter(({ mark }) => !isGroupMark(mark)) });
    },
    audit: (asked) => page(asked, 'entries', (scope, rest) => database.listAudit(channelKey(scope), rest)),
    channelAdoption: async (asked) => {
      const { query, scope } = read(asked, SCHEMAS.channelAdoptionQuery);
      const snapshot = await channels.read(scope);
      if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
      const newest = snapshot.index.releases.slice(-Number(query.limit ?? 40)).reverse();
      const releases = [];
      // Who ever ran it well, not who runs it now: devices that went on to a newer release are still counted here.
      const mark = 'healthy';
      // One after another: a publisher can wait, devices should not.
      for (const { releaseId, versionCode } of newest) {
        const counts = await database.readCounts(scope, releaseId);
        const devices = counts.find((one) => one.mark === mark)?.devices ?? 0;
        releases.push({ devices, releaseId, versionCode });
      }
      return json(200, { mark, releases });
    },
    funnel: async (asked) => {
      const { scope } = read(asked, SCHEMAS.scope);
      const id = asked.param('id');
      const counts = await counted(scope, id, await database.readCounts(scope, id));
      const shown = counts.filter(({ mark }) => !isGroupMark(mark));
      return json(200, { devices: Object.fromEntries(shown.map(({ mark, devices }) => [mark, devices])) });
    },
    metrics: async ({ principal }) => {
      const gauges: Gauge[] = Object.entries(inFlight()).map(([kind, count]) => [
        'kivyx_requests_in_flight',
        { class: kind },
        count,
      ]);
      for (const { index } of channels.cached().slice(-20)) {
        if (principal.apps !== undefined && !principal.apps.includes(index.app)) continue;
        const { app, channel, platform } = index;
        gauges.push(['kivyx_index_sequence', { app, channel, platform }, index.sequence]);
        for (const { releaseId: release } of index.releases.slice(-3))
          for (const { mark, devices } of await database.readCounts(index, release))
            if (!isGroupMark(mark))
              gauges.push(['kivyx_release_devices', { app, channel, mark, platform, release }, devices]);
      }
      return new Response(metrics.render(gauges), {
        headers: { 'cache-control': 'no-store', 'content-type': 'text/plain; version=0.0.4' },
      });
    },
    releases: (asked) => page(asked, 'releases', (scope, rest) => database.listReleases(scope, rest)),
  };
}
