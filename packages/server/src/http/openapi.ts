import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { EXAMPLES, REQUESTS } from './examples.ts';
import { type RouteDescription, type RouteName, ROUTES } from './routes.ts';

type Json = { readonly [name: string]: unknown };

/** The OpenAPI 3.1 document, from the schemas that requests are read with. */
export function createOpenApiDocument(): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(ROUTES) as [RouteName, RouteDescription][]) {
    const names = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => name as string);
    const path = route.path.replaceAll(/:([a-z]+)/g, '{$1}');
    const query = route.query === undefined ? undefined : schemaOf(route.query);
    const asked = REQUESTS[operationId];
    const problem = {
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      description: 'Refused',
    };
    (paths[path] ??= {})[route.method] = {
      operationId,
      parameters: [
        ...names.map((name) => ({ in: 'path', name, required: true, schema: { type: 'string' } })),
        ...Object.entries((query?.['properties'] ?? {}) as Json).map(([name, schema]) => ({
          in: 'query',
          name,
          required: ((query?.['required'] ?? []) as string[]).includes(name),
          schema,
          ...(asked?.query?.[name] === undefined ? {} : { example: asked.query[name] }),
        })),
      ],
      ...(route.body === undefined
        ? {}
        : {
            requestBody: {
              content: {
                'application/json': {
                  schema: schemaOf(route.body),
                  ...(asked?.body === undefined ? {} : { example: asked.body }),
                },
              },
              required: true,
            },
          }),
      responses: {
        [route.success]: {
          description: route.summary,
          ...(EXAMPLES[operationId] === undefined
            ? {}
            : { content: { 'application/json': { example: EXAMPLES[operationId] } } }),
        },
        default: problem,
      },
      summary: route.summary,
      ...(route.scope === undefined ? {} : { security: [{ apiKey: [] }], 'x-scope': route.scope }),
    };
  }
  return {
    components: {
      schemas: {
        Problem: {
          properties: {
            code: { type: 'string' },
            detail: { type: 'string' },
            status: { type: 'integer' },
            title: { type: 'string' },
            type: { type: 'string' },
          },
          required: ['code', 'status', 'title'],
          type: 'object',
        },
      },
      securitySchemes: { apiKey: { scheme: 'bearer', type: 'http' } },
    },
    info: { title: 'Kivyx OTA', version: '1' },
    openapi: '3.1.0',
    paths,
  };
}

function schemaOf(schema: v.GenericSchema): Json {
  const { $schema: _version, ...rest } = toJsonSchema(schema, { errorMode: 'ignore' }) as Json;
  return rest;
}
