import { isOtaError } from '@kivyx-ota/core';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { type Context, Hono } from 'hono';
import { apiKeyAuthentication } from './access/api-keys.ts';
import { createAuthorise } from './access/authorise.ts';
import { defaultRateLimit } from './access/default-rate-limit.ts';
import { createSecrets } from './access/secrets.ts';
import { adminAnswers } from './answers/admin-answers.ts';
import type { Answer } from './answers/answer.ts';
import { deviceAnswers } from './answers/device-answers.ts';
import { keyAnswers } from './answers/key-answers.ts';
import { reportAnswers } from './answers/report-answers.ts';
import { type Admin, createAdmin } from './channels/admin.ts';
import { type Channels, createChannels } from './channels/channels.ts';
import { createGuard } from './guardrail/guard.ts';
import { problemResponse, serverError } from './http/error.ts';
import { createInFlightLimits, DEFAULT_IN_FLIGHT } from './http/in-flight-limits.ts';
import { createMetrics } from './http/metrics.ts';
import { createOpenApiDocument } from './http/openapi.ts';
import { json } from './http/respond.ts';
import { type RouteDescription, type RouteName, ROUTES } from './http/routes.ts';
import type { OtaServerOptions, RequestContext } from './options.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

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
  const { database, storage, onError } = options;
  const clock = options.clock ?? { nowMs: () => Date.now() };
  const rateLimit = options.rateLimit ?? defaultRateLimit(clock);
  const authorise = createAuthorise(options.authenticate ?? apiKeyAuthentication(database), rateLimit);
  const secrets = createSecrets(options.deviceSecret);
  const metrics = createMetrics();
  const channels = createChannels(options, clock, metrics);
  const admin = createAdmin(options, channels);
  const guard =
    options.guardrail === undefined
      ? undefined
      : createGuard(options.guardrail, { admin, channels, clock, database, onError });
  const telemetry = createTelemetry(options, { channels, clock, guard, metrics, rateLimit, secrets });
  const inFlight = createInFlightLimits({ ...DEFAULT_IN_FLIGHT, ...options.maxInFlight }, metrics);

  const parts = { admin, channels, clock, inFlight: inFlight.counts, metrics, options, secrets, telemetry };
  const document = JSON.stringify(createOpenApiDocument());
  const answers: Record<RouteName, Answer> = {
    ...deviceAnswers(parts),
    ...adminAnswers(parts),
    ...keyAnswers(parts),
    ...reportAnswers(parts),
    health: () => json(200, { status: 'ok' }),
    openapi: () =>
      new Response(document, {
        headers: { 'cache-control': 'public, max-age=300', 'content-type': 'application/json' },
      }),
  };

  const serveStatic = createStaticHandler(storage);
  const answerFile: Answer = async ({ request }) => checkFile(await serveStatic(request));

  /** Every request takes this way: a place among those of its class, then the right to ask, then the answer or a problem. */
  const serve = async (
    c: Context<Env>,
    name: RouteName | 'file',
    answer: Answer,
    { load, scope }: Pick<RouteDescription, 'load' | 'scope'>,
  ): Promise<Response> => {
    const startedMs = performance.now();
    const work = async (): Promise<Response> => {
      try {
        const request = c.req.raw;
        const { context } = c.env;
        const principal = await authorise(scope, request, context);
        return await answer({ context, param: (part) => c.req.param(part) ?? '', principal, request });
      } catch (error) {
        if (isHidden(error)) onError?.(error);
        return problemResponse(error);
      }
    };
    const kind = scope === undefined ? load : 'admin';
    const response = await (kind === undefined ? work() : inFlight.run(kind, work));
    metrics.observe(name, response.status, (performance.now() - startedMs) / 1000);
    return response;
  };

  const app = new Hono<Env>();
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, RouteDescription][])
    app.on(route.method.toUpperCase(), route.path, (c) => serve(c, name, answers[name], route));
  // What the client of the static mode asks for: the index from here, everything else from the storage.
  app.get('/channels/:app/:platform/:channel/index.cose', (c) =>
    serve(c, 'index', answers.index, ROUTES.index),
  );
  // Not a route of its own: two that match cost every request a chain.
  app.notFound(async (c) =>
    c.req.method === 'GET' || c.req.method === 'HEAD'
      ? serve(c, 'file', answerFile, { load: 'file' })
      : problemResponse(serverError('ERR_SERVER_NOT_FOUND', 'There is no such route')),
  );
  app.onError((error) => {
    onError?.(error);
    return problemResponse(error);
  });

  return { admin, channels, handle: async (request, context = {}) => app.fetch(request, { context }) };
}

/** What the caller is told in full is the caller's affair; `onError` gets the rest. */
function isHidden(error: unknown): boolean {
  return (
    !isOtaError(error) ||
    error.code === 'ERR_SERVER_INTERNAL' ||
    error.code === 'ERR_SERVER_UNAVAILABLE' ||
    !error.code.startsWith('ERR_SERVER_')
  );
}

/** A file of the storage, with the errors of this server. */
function checkFile(response: Response): Response {
  if (response.status === 404) throw serverError('ERR_SERVER_NOT_FOUND', 'There is nothing of this name');
  if (response.status === 503)
    throw serverError('ERR_SERVER_UNAVAILABLE', 'The storage does not answer; try again', {
      details: { retryAfterSeconds: 5 },
    });
  if (response.status === 500)
    throw serverError('ERR_SERVER_INTERNAL', 'The storage failed; its log says why');
  return response;
}
