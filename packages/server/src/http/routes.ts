import type * as v from 'valibot';
import type { RequestClass } from './in-flight-limits.ts';
import { SCHEMAS } from './schemas.ts';

/** What is said about a route, once: the router checks `scope`, the document shows all of it. */
export interface RouteDescription {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly scope?: 'read' | 'rollout' | 'publish' | 'keys';
  /** What it counts as when there is too much; what needs a scope is `admin`, and what has neither is never refused. */
  readonly load?: RequestClass;
  readonly query?: v.GenericSchema;
  readonly body?: v.GenericSchema;
  readonly success: number;
}

/** Every route of the server. */
export const ROUTES = {
  adoption: {
    method: 'get',
    path: '/releases/:id/adoption',
    query: SCHEMAS.adoptionQuery,
    scope: 'read',
    success: 200,
    summary: 'Devices per hour and mark',
  },
  audit: {
    method: 'get',
    path: '/audit',
    query: SCHEMAS.listQuery,
    scope: 'read',
    success: 200,
    summary: 'What was done in a channel, newest first',
  },
  channelAdoption: {
    method: 'get',
    path: '/adoption',
    query: SCHEMAS.channelAdoptionQuery,
    scope: 'read',
    success: 200,
    summary:
      'Devices with `mark` (ever healthy, wherever they went since) on each of the newest releases, one read each (40, or `limit`); `estimateAdoption` of the publisher takes the list',
  },
  createKey: {
    body: SCHEMAS.keyBody,
    method: 'post',
    path: '/keys',
    scope: 'keys',
    success: 201,
    summary: 'Make an API key; its secret is shown once',
  },
  funnel: {
    method: 'get',
    path: '/releases/:id/funnel',
    query: SCHEMAS.scope,
    scope: 'read',
    success: 200,
    summary: 'Distinct devices per mark',
  },
  health: { method: 'get', path: '/healthz', success: 200, summary: 'Alive' },
  index: {
    method: 'get',
    load: 'check',
    path: '/v1/apps/:app/:platform/:channel/index',
    success: 200,
    summary: 'The signed channel index',
  },
  metrics: { method: 'get', path: '/metrics', scope: 'read', success: 200, summary: 'Prometheus metrics' },
  openapi: { method: 'get', path: '/openapi.json', success: 200, summary: 'This document' },
  patches: {
    body: SCHEMAS.patchesBody,
    method: 'post',
    path: '/releases/:id/patches',
    scope: 'publish',
    success: 200,
    summary: 'Name patches that are uploaded, beside those a release has; at most 32 stay, these first',
  },
  pause: {
    body: SCHEMAS.statusBody,
    method: 'post',
    path: '/releases/:id/pause',
    scope: 'rollout',
    success: 200,
    summary: 'Offer a release to nobody',
  },
  promote: {
    body: SCHEMAS.promoteBody,
    method: 'post',
    path: '/releases/:id/promote',
    scope: 'publish',
    success: 200,
    summary: 'Name a release in another channel',
  },
  publish: {
    body: SCHEMAS.publishBody,
    method: 'post',
    path: '/releases',
    scope: 'publish',
    success: 201,
    summary: 'Name an uploaded release in a channel',
  },
  releases: {
    method: 'get',
    path: '/releases',
    query: SCHEMAS.listQuery,
    scope: 'read',
    success: 200,
    summary: 'Releases of a channel, newest first',
  },
  resume: {
    body: SCHEMAS.statusBody,
    method: 'post',
    path: '/releases/:id/resume',
    scope: 'rollout',
    success: 200,
    summary: 'Offer a paused release again',
  },
  retry: {
    body: SCHEMAS.statusBody,
    method: 'post',
    path: '/releases/:id/retry',
    scope: 'rollout',
    success: 200,
    summary:
      'Let devices on which a release failed without a known reason try it once more; each request is one more try',
  },
  revoke: {
    body: SCHEMAS.revokeBody,
    method: 'post',
    path: '/releases/:id/revoke',
    scope: 'publish',
    success: 200,
    summary: 'Take a release back; final',
  },
  revokeKey: {
    method: 'delete',
    path: '/keys/:id',
    scope: 'keys',
    success: 200,
    summary: 'Revoke an API key; final',
  },
  rollout: {
    body: SCHEMAS.rolloutBody,
    method: 'post',
    path: '/rollout',
    scope: 'rollout',
    success: 200,
    summary: 'Set the share of devices',
  },
  telemetry: {
    body: SCHEMAS.telemetryBody,
    load: 'telemetry',
    method: 'post',
    path: '/telemetry',
    success: 202,
    summary: 'Events of a device',
  },
  update: {
    load: 'check',
    method: 'get',
    path: '/update',
    query: SCHEMAS.updateQuery,
    success: 200,
    summary: 'What this device gets; 204 for nothing',
  },
} as const satisfies Record<string, RouteDescription>;

export type RouteName = keyof typeof ROUTES;
