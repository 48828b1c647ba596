// API Gateway on your machine: HTTP in, an event of its payload format 2.0 to the function, HTTP out.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the function is called with (payload format 2.0). */
export interface GatewayEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: '$default';
    readonly stage: '$default';
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** What it answers. */
export interface GatewayResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The event for a request, as the gateway makes it. */
export function gatewayEvent(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Uint8Array,
  sourceIp = '203.0.113.7',
): GatewayEvent {
  const { host, pathname, search, searchParams } = new URL(url);
  return {
    // Text comes as text, everything else as base64.
    ...(body === undefined ? {} : { body: Buffer.from(body).toString('utf8') }),
    headers: { host, ...headers },
    isBase64Encoded: false,
    rawPath: decodeURI(pathname),
    rawQueryString: search.slice(1),
    requestContext: {
      accountId: '111122223333',
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      http: {
        method,
        path: decodeURI(pathname),
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: 'local',
      routeKey: '$default',
      stage: '$default',
      time: '24/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_795_478_400_000,
    },
    routeKey: '$default',
    version: '2.0',
    ...(search === '' ? {} : { queryStringParameters: Object.fromEntries(searchParams) }),
  };
}

/** A running one. */
export interface LocalGateway {
  /** With the slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a function as the gateway does: 10 MB in, one event per request, bodies decoded on the way out. */
export async function startLocalGateway(
  call: (event: GatewayEvent) => Promise<GatewayResult>,
  { port = 0 }: { readonly port?: number } = {},
): Promise<LocalGateway> {
  const server = createServer((request, response) => {
    void (async () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers))
        if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
      const body = await readBody(request);
      const {
        statusCode,
        headers: answered,
        body: text = '',
        isBase64Encoded,
      } = await call(
        gatewayEvent(
          request.method ?? 'GET',
          `http://${headers['host'] ?? 'localhost'}${request.url ?? '/'}`,
          headers,
          body.length === 0 ? undefined : body,
          request.socket.remoteAddress,
        ),
      );
      response.writeHead(statusCode, answered);
      response.end(isBase64Encoded === true ? Buffer.from(text, 'base64') : text);
    })().catch((error: unknown) => {
      console.error(error);
      response.writeHead(502).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
