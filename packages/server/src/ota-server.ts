import { isOtaError } from '@kivyx-ota/core';
import type { Page } from '@kivyx-ota/database';
import { channelKey } from '@kivyx-ota/database';
import type { ChannelScope } from '@kivyx-ota/manifest';
import { decide } from '@kivyx-ota/rollout';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { type Context, Hono } from 'hono';
import type * as v from 'valibot';
import { type Admin, createAdmin } from './admin.ts';
import { apiKeyAuthentication, createApiKey } from './api-keys.ts';
import { type Channels, createChannels } from './channels.ts';
import { problemResponse, serverError } from './error.ts';
import { createGuard, isGroupMark } from './guard.ts';
import { readInput, readJson, readQuery } from './input.ts';
import { createInFlightLimits, DEFAULT_IN_FLIGHT } from './in-flight-limits.ts';
import { createMetrics } from './metrics.ts';
import { createOpenApiDocument, type RouteDescription, type RouteName, ROUTES } from './openapi.ts';
import type { OtaServerOptions, Principal, RateLimit, RequestContext } from './options.ts';
import { SCHEMAS } from './schemas.ts';
import { createSecrets } from './secrets.ts';
import { subnetOf } from './subnet.ts';
import { createTelemetry } from './telemetry.ts';
import { createTokenBuckets } from './token-buckets.ts';
import { encodeJson, encodeUpdateAnswer } from './update-answer.ts';
import { decodeUpdateQuery } from './update-query.ts';

/** Answers a request; never rejects. `context` carries what only the host knows. */
export type OtaHandler = (request: Request, context?: RequestContext) => Promise<Response>;

/** The handler with the parts behind it, for guardrails and jobs in the same process. */
export interface OtaServer {
  readonly handle: OtaHandler;
  readonly channels: Channels;
  readonly admin: Admin;
}

interface Env {
  Bindings: { readonly context: RequestContext };
}
type Answer = (c: Context<Env>, principal: Principal) => Promise<Response> | Response;

const INDEX_CACHE = 'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400';
const TELEMETRY_BYTES = 16_384;
const ADMIN_BYTES = 65_536;
const TICKET_SECONDS = 7 * 86_400;
const NOBODY: Principal = { id: 'nobody', scopes: [] };

/** What the caller is told in full is the caller's affair; `onError` gets the rest. */
function isHidden(error: unknown): boolean {
  return (
    !isOtaError(error) ||
    error.code === 'ERR_SERVER_INTERNAL' ||
    error.code === 'ERR_SERVER_UNAVAILABLE' ||
    !error.code.startsWith('ERR_SERVER_')
  );
}

/** {@link createOtaServer}, the handler only. */
export function createOtaHandler(options: OtaServerOptions): OtaHandler {
  return createOtaServer(options).handle;
}

/**
 * The dynamic control plane. Channels are built from the database, signed with the channel key, and held in memory: a check
 * reads one row at most once per `recheckMs`, however many releases are stored.
 *
 * `Request → Response`: mounts in Node, Express, Lambda, Workers, Bun and Deno by their own adapters.
 */
export function createOtaServer(options: OtaServerOptions): OtaServer {
  const { project, database, storage, onError } = options;
  const clock = options.clock ?? { nowMs: () => Date.now() };
  const secrets = createSecrets(options.deviceSecret);
  const metrics = createMetrics();
  const channels = createChannels(options, clock, metrics);
  const admin = createAdmin(options, channels);
  const guard =
    options.guardrail === undefined
      ? undefined
      : createGuard(options.guardrail, { admin, channels, clock, database, onError });
  const authenticate = options.authenticate ?? apiKeyAuthentication(database);
  const rateLimit = options.rateLimit ?? defaultRateLimit(clock);
  const telemetry = createTelemetry(options, { channels, clock, guard, metrics, rateLimit, secrets });
  const serveStatic = createStaticHandler(storage);
  const document = JSON.stringify(createOpenApiDocument());
  const inFlight = createInFlightLimits({ ...DEFAULT_IN_FLIGHT, ...options.maxInFlight }, metrics);

  const readScope = (value: unknown): ChannelScope => {
    const { app, channel, platform } = readInput(SCHEMAS.scope, value);
    return { app, channel, platform, project };
  };
  const body = async <T>(c: Context<Env>, schema: v.GenericSchema<unknown, T>): Promise<T> =>
    readInput(schema, await readJson(c.req.raw, ADMIN_BYTES));
  const allow = ({ apps }: Principal, { app }: { readonly app: string }): void => {
    if (apps !== undefined && !apps.includes(app))
      throw serverError('ERR_SERVER_FORBIDDEN', 'This key is not for this app');
  };
  const scopeOfBody = (
    principal: Principal,
    input: { app: string; platform: 'android' | 'ios'; channel: string },
  ): ChannelScope => {
    allow(principal, input);
    return { app: input.app, channel: input.channel, platform: input.platform, project };
  };
  const scopeOfQuery = (c: Context<Env>, principal: Principal): ChannelScope => {
    const scope = readScope(readQuery(c.req.url));
    allow(principal, scope);
    return scope;
  };
  const page = async <T>(
    c: Context<Env>,
    principal: Principal,
    name: string,
    list: (scope: ChannelScope, options: { cursor?: string; limit: number }) => Promise<Page<T>>,
  ): Promise<Response> => {
    const query = readInput(SCHEMAS.listQuery, readQuery(c.req.url));
    const { items, cursor } = await list(scopeOfBody(principal, query), {
      limit: Number(query.limit ?? 50),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    }).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'ERR_DATABASE_CURSOR')
        throw serverError('ERR_SERVER_INPUT', 'cursor: not one that this list gave');
      throw error;
    });
    return json(200, { [name]: items, ...(cursor === undefined ? {} : { cursor }) });
  };

  const answerIndex = async (c: Context<Env>): Promise<Response> => {
    const snapshot = await channels.read(readScope(c.req.param()));
    if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
    const headers: Record<string, string> = {
      'cache-control': INDEX_CACHE,
      'content-type': 'application/cose; cose-type="cose-sign1"',
      etag: snapshot.etag,
      'x-content-type-options': 'nosniff',
    };
    if (isMatch(c.req.header('if-none-match'), snapshot.etag))
      return new Response(null, { headers, status: 304 });
    headers['content-length'] = String(snapshot.envelope.length);
    return new Response(snapshot.envelope as Uint8Array<ArrayBuffer>, { headers });
  };

  const answers: Record<RouteName, Answer> = {
    adoption: async (c, principal) => {
      const query = readInput(SCHEMAS.adoptionQuery, readQuery(c.req.url));
      const toSeconds = Number(query.to_seconds ?? Math.floor(clock.nowMs() / 1000) + 3600);
      const fromSeconds = Math.max(
        Number(query.from_seconds ?? toSeconds - 7 * 86_400),
        toSeconds - 90 * 86_400,
      );
      const hours = await database.readAdoption(scopeOfBody(principal, query), c.req.param('id') as string, {
        fromSeconds,
        toSeconds,
      });
      return json(200, { hours: hours.filter(({ mark }) => !isGroupMark(mark)) });
    },
    audit: (c, principal) =>
      page(c, principal, 'entries', (scope, rest) => database.listAudit(channelKey(scope), rest)),
    channelAdoption: async (c, principal) => {
      const query = readInput(SCHEMAS.channelAdoptionQuery, readQuery(c.req.url));
      const snapshot = await channels.read(scopeOfBody(principal, query));
      if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
      const newest = snapshot.index.releases.slice(-Number(query.limit ?? 40)).reverse();
      const releases = [];
      // One after another: a publisher can wait, devices should not.
      for (const { releaseId, versionCode } of newest) {
        const counts = await database.readCounts(snapshot.index, releaseId);
        const devices = counts.find(({ mark }) => mark === 'healthy')?.devices ?? 0;
        releases.push({ devices, releaseId, versionCode });
      }
      return json(200, { releases });
    },
    createKey: async (c, principal) => {
      const grant = await body(c, SCHEMAS.keyBody);
      // Nobody gives what they do not have.
      if (grant.scopes.some((scope) => !principal.scopes.includes(scope)))
        throw serverError('ERR_SERVER_FORBIDDEN', 'A key cannot have scopes that its maker lacks');
      if (
        principal.apps !== undefined &&
        !(grant.apps ?? ['*']).every((app) => principal.apps?.includes(app))
      )
        throw serverError('ERR_SERVER_FORBIDDEN', 'A key cannot be for apps that its maker lacks');
      const { apps, ...rest } = grant;
      const made = await createApiKey(database, apps === undefined ? rest : { ...rest, apps }, {
        actor: principal.id,
        nowMs: clock.nowMs(),
      });
      return json(201, made);
    },
    funnel: async (c, principal) => {
      const scope = scopeOfQuery(c, principal);
      const counts = await database.readCounts(scope, c.req.param('id') as string);
      const shown = counts.filter(({ mark }) => !isGroupMark(mark));
      return json(200, { devices: Object.fromEntries(shown.map(({ mark, devices }) => [mark, devices])) });
    },
    health: () => json(200, { status: 'ok' }),
    index: answerIndex,
    metrics: async (_c, principal) => {
      const gauges: (readonly [string, Readonly<Record<string, string | number>>, number])[] = Object.entries(
        inFlight.counts(),
      ).map(([kind, count]) => ['kivyx_requests_in_flight', { class: kind }, count]);
      for (const { index } of channels.cached().slice(-20)) {
        if (principal.apps !== undefined && !principal.apps.includes(index.app)) continue;
        const { app, channel, platform } = index;
        gauges.push(['kivyx_index_sequence', { app, channel, platform }, index.sequence]);
        for (const { releaseId } of index.releases.slice(-3)) {
          for (const { mark, devices } of await database.readCounts(index, releaseId)) {
            if (isGroupMark(mark)) continue;
            gauges.push([
              'kivyx_release_devices',
              { app, channel, mark, platform, release: releaseId },
              devices,
            ]);
          }
        }
      }
      return new Response(metrics.render(gauges), {
        headers: { 'cache-control': 'no-store', 'content-type': 'text/plain; version=0.0.4' },
      });
    },
    openapi: () =>
      new Response(document, {
        headers: { 'cache-control': 'public, max-age=300', 'content-type': 'application/json' },
      }),
    pause: async (c, principal) => {
      const scope = scopeOfBody(principal, await body(c, SCHEMAS.statusBody));
      return json(200, await admin.setStatus(scope, c.req.param('id') as string, 'paused', principal.id));
    },
    promote: async (c, principal) => {
      const input = await body(c, SCHEMAS.promoteBody);
      const from = scopeOfBody(principal, input);
      const found = await database.readRelease(from, c.req.param('id') as string);
      if (found === undefined)
        throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such release in this channel');
      if (found.release.status === 'revoked')
        throw serverError('ERR_SERVER_STATE', 'This release is revoked; publish a new one');
      const { rollbackTo: _gone, ...release } = found.release;
      const to = { ...from, channel: input.to_channel };
      return json(
        200,
        await admin.publish(
          to,
          { ...release, rolloutBasisPoints: input.basis_points ?? 10_000, status: 'active' },
          principal.id,
        ),
      );
    },
    publish: async (c, principal) => {
      const input = await body(c, SCHEMAS.publishBody);
      const result = await admin.publish(scopeOfBody(principal, input), input.release, principal.id);
      return json(result.changed ? 201 : 200, result);
    },
    releases: (c, principal) =>
      page(c, principal, 'releases', (scope, rest) => database.listReleases(scope, rest)),
    resume: async (c, principal) => {
      const scope = scopeOfBody(principal, await body(c, SCHEMAS.statusBody));
      return json(200, await admin.setStatus(scope, c.req.param('id') as string, 'active', principal.id));
    },
    revoke: async (c, principal) => {
      const input = await body(c, SCHEMAS.revokeBody);
      return json(
        200,
        await admin.revoke(
          scopeOfBody(principal, input),
          c.req.param('id') as string,
          input.rollback_to,
          principal.id,
        ),
      );
    },
    revokeKey: async (c, principal) => {
      const id = c.req.param('id') as string;
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
    rollout: async (c, principal) => {
      const input = await body(c, SCHEMAS.rolloutBody);
      const basisPoints = input.basis_points ?? Math.round((input.percent as number) * 100);
      return json(
        200,
        await admin.setRollout(scopeOfBody(principal, input), input.release_id, basisPoints, principal.id),
      );
    },
    telemetry: async (c) => {
      const input = await readJson(c.req.raw, TELEMETRY_BYTES);
      return json(202, await telemetry(input, c.req.raw, c.env.context));
    },
    update: async (c) => {
      const query = readInput(SCHEMAS.updateQuery, readQuery(c.req.url));
      const facts = decodeUpdateQuery(query, project);
      const device = (options.identifyDevice ?? ((id) => id))(facts.deviceId, c.req.raw);
      if (device === undefined) throw serverError('ERR_SERVER_FORBIDDEN', 'This device is not known');
      const snapshot = await channels.read(facts);
      if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
      const nowSeconds = Math.floor(clock.nowMs() / 1000);
      const decision = decide(snapshot.index, { ...facts, deviceId: device }, nowSeconds);
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

  const app = new Hono<Env>();
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, RouteDescription][]) {
    const load = route.scope === undefined ? route.load : 'admin';
    app.on(route.method.toUpperCase(), route.path, async (c) => {
      const startedMs = performance.now();
      let response: Response;
      const work = async (): Promise<Response> => answers[name](c, await authorise(route, c));
      try {
        response = await (load === undefined ? work() : inFlight.run(load, work));
      } catch (error) {
        if (isHidden(error)) onError?.(error);
        response = problemResponse(error);
      }
      metrics.observe(name, response.status, (performance.now() - startedMs) / 1000);
      return response;
    });
  }
  // What the client of the static mode asks for: the index from here, everything else from the storage.
  app.get('/channels/:app/:platform/:channel/index.cose', (c) =>
    inFlight.run('check', () => answerIndex(c)).catch(problemResponse),
  );
  app.get('*', (c) => inFlight.run('file', () => answerFile(c.req.raw)).catch(problemResponse));
  app.notFound(() => problemResponse(serverError('ERR_SERVER_NOT_FOUND', 'There is no such route')));
  app.onError((error) => {
    onError?.(error);
    return problemResponse(error);
  });

  /** From the storage, with the errors of this server. */
  async function answerFile(request: Request): Promise<Response> {
    const response = await serveStatic(request);
    if (response.status === 404) throw serverError('ERR_SERVER_NOT_FOUND', 'There is nothing of this name');
    if (response.status === 503)
      throw serverError('ERR_SERVER_UNAVAILABLE', 'The storage does not answer; try again', {
        details: { retryAfterSeconds: 5 },
      });
    if (response.status === 500)
      throw serverError('ERR_SERVER_INTERNAL', 'The storage failed; its log says why');
    return response;
  }

  async function authorise({ scope }: RouteDescription, c: Context<Env>): Promise<Principal> {
    if (scope === undefined) return NOBODY;
    const principal = await authenticate(c.req.raw);
    if (principal === undefined)
      throw serverError('ERR_SERVER_UNAUTHENTICATED', 'An API key is needed, that exists and is not revoked');
    if (!principal.scopes.includes(scope))
      throw serverError('ERR_SERVER_FORBIDDEN', `This key lacks the scope ${scope}`);
    const waitSeconds = await rateLimit({ route: 'admin', subject: principal.id });
    if (waitSeconds !== undefined)
      throw serverError('ERR_SERVER_RATE_LIMITED', 'Too many requests with this key', {
        details: { retryAfterSeconds: waitSeconds },
      });
    return principal;
  }

  return { admin, channels, handle: async (request, context = {}) => app.fetch(request, { context }) };
}

function json(status: number, value: unknown): Response {
  return jsonText(status, encodeJson(value));
}

function jsonText(status: number, text: string): Response {
  return new Response(text, {
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    },
    status,
  });
}

/** If-None-Match is a list compared weakly (RFC 9110 §13.1.2). */
function isMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function defaultRateLimit(clock: { nowMs(): number }): RateLimit {
  const perDevice = createTokenBuckets({ capacity: 30, clock, perSecond: 0.2 });
  const perSubnet = createTokenBuckets({ capacity: 2000, clock, perSecond: 100 });
  const perPrincipal = createTokenBuckets({ capacity: 300, clock, perSecond: 10 });
  return ({ route, subject, address }) =>
    route === 'admin'
      ? perPrincipal.take(subject)
      : (perDevice.take(subject) ?? (address === undefined ? undefined : perSubnet.take(subnetOf(address))));
}
