import { createOpenApiDocument } from '../src/http/openapi.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly in: string;
    readonly name: string;
    readonly required: boolean;
    readonly schema: Schema;
    readonly example?: string;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly example?: unknown }>>;
      }
    >
  >;
  readonly 'x-scope'?: string;
}

const GROUPS: readonly (readonly [title: string, is: (route: Operation) => boolean])[] = [
  ['Devices', ({ operationId }) => ['index', 'update', 'telemetry'].includes(operationId)],
  ['Scope `read`', (route) => route['x-scope'] === 'read'],
  ['Scope `rollout`', (route) => route['x-scope'] === 'rollout'],
  ['Scope `publish`', (route) => route['x-scope'] === 'publish'],
  ['Scope `keys`', (route) => route['x-scope'] === 'keys'],
  ['Everybody', ({ operationId }) => ['health', 'openapi'].includes(operationId)],
];

/** docs/api.md: the server's routes, from its OpenAPI document. @throws Error when a route is in no group */
export function apiDocument(): string {
  const { paths } = createOpenApiDocument() as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ method: method.toUpperCase(), path, route })),
  );
  const ungrouped = routes.filter(({ route }) => GROUPS.filter(([, is]) => is(route)).length !== 1);
  if (ungrouped.length > 0) throw new Error(`In no group: ${ungrouped.map(({ path }) => path).join(', ')}`);
  const sections = GROUPS.map(([title, is]) =>
    [
      `## ${title}`,
      ...routes
        .filter(({ route }) => is(route))
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map(({ method, path, route }) => routeSection(method, path, route)),
    ].join('\n\n'),
  );
  return `# HTTP API

Made from the server's OpenAPI 3.1 document (\`GET /openapi.json\`) by \`packages/server/scripts/write-docs.ts\`; requests are read with the same schemas. Paths stand below where you have mounted the
server, which is \`$OTA\` in the requests (\`https://ota.example.com/ota\`). \`$ID\` is what the path calls \`{id}\`: of a release, or of an API key. A scope is that of an API key, \`$KEY\`, in \`Authorization: Bearer …\`. Errors are \`application/problem+json\` with a \`code\`: [server](../packages/server#errors). Files
(\`/objects/…\`, \`/patches/…\`, \`/manifests/…\`, \`/roots/…\`) come from the storage, better from a CDN.

${sections.join('\n\n')}
`;
}

function routeSection(method: string, path: string, route: Operation): string {
  const success = Object.keys(route.responses).filter((status) => status !== 'default');
  const example = success
    .map((status) => route.responses[status]?.content?.['application/json']?.example)
    .find((one) => one !== undefined);
  const body = route.requestBody?.content['application/json']?.schema;
  const variants = body?.anyOf ?? body?.oneOf ?? (body === undefined ? [] : [body]);
  return [
    `### \`${method} ${path}\``,
    `${route.summary}. Answers ${success.join(', ')}.`,
    ...(route.parameters.length === 0
      ? []
      : [
          table(
            ['parameter', 'in', 'value'],
            route.parameters.map(({ in: place, name, required, schema }) => [
              `\`${name}\`${required ? '' : ' (optional)'}`,
              place,
              valueOf(schema),
            ]),
          ),
        ]),
    ...variants.flatMap((schema, i) => [
      ...(variants.length > 1 ? [i === 0 ? 'Body, either' : 'or'] : []),
      table(['body', 'value'], membersOf(schema, '')),
    ]),
    `\`\`\`sh\n${curl(method, path, route)}\n\`\`\``,
    ...(example === undefined
      ? []
      : [`Answer:`, `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``]),
  ].join('\n\n');
}

/** The request of its example. `$ID` is a release, or a key. */
function curl(method: string, path: string, { parameters, requestBody, ...route }: Operation): string {
  const query = parameters
    .filter(({ example, in: place }) => place === 'query' && example !== undefined)
    .map(({ example, name }) => `${name}=${encodeURIComponent(example ?? '')}`);
  const place = path.replace('{app}/{platform}/{channel}', 'cafe/android/production').replace('{id}', '$ID');
  const body = requestBody?.content['application/json']?.example;
  return [
    `curl${method === 'GET' || body !== undefined ? '' : ` -X ${method}`} "$OTA${place}${query.length === 0 ? '' : `?${query.join('&')}`}"`,
    ...(route['x-scope'] === undefined ? [] : ['-H "authorization: Bearer $KEY"']),
    ...(body === undefined ? [] : [`-H 'content-type: application/json'`, `-d '${JSON.stringify(body)}'`]),
  ].join(' \\\n  ');
}

function membersOf({ properties = {}, required = [] }: Schema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const inner = schema.type === 'array' ? schema.items : schema;
    const children =
      inner?.properties === undefined
        ? []
        : membersOf(inner, `${prefix}${name}${schema.type === 'array' ? '[]' : ''}.`);
    return [
      [`\`${prefix}${name}\`${required.includes(name) ? '' : ' (optional)'}`, valueOf(schema)],
      ...children,
    ];
  });
}

/** What may stand there, in words. */
function valueOf(schema: Schema): string {
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map(valueOf).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(', ');
  if (schema.type === 'array')
    return `${range(schema.minItems, schema.maxItems)} of: ${schema.items === undefined ? 'anything' : valueOf(schema.items)}`;
  if (schema.type === 'integer' || schema.type === 'number') {
    const { maximum = Infinity, minimum = -Infinity } = schema;
    const isOpen = maximum >= Number.MAX_SAFE_INTEGER && minimum <= -Number.MAX_SAFE_INTEGER;
    return `${schema.type === 'integer' ? 'whole number' : 'number'}${isOpen ? '' : `, ${range(minimum, maximum)}`}`;
  }
  if (schema.type === 'string') {
    const length =
      schema.maxLength === undefined ? [] : [`${range(schema.minLength ?? 0, schema.maxLength)} characters`];
    const pattern = schema.pattern === undefined ? [] : [`\`${schema.pattern.replaceAll('|', '\\|')}\``];
    return ['text', ...length, ...pattern].join(', ');
  }
  return schema.type ?? 'anything';
}

function range(min: number | undefined, max: number | undefined): string {
  if (max === undefined || max >= Number.MAX_SAFE_INTEGER) return `from ${min ?? 0}`;
  return `${min === undefined || min <= -Number.MAX_SAFE_INTEGER ? '' : `${min} `}to ${max}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
