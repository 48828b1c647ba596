// An S3 server in little, for tests: path-style, in memory, atomic, and it checks signatures (AWS Signature Version 4).
import { isSigned } from './is-signed.ts';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

export interface FakeS3Options {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucket: string;
  /** Accepts conditions and ignores them, as some servers do. */
  readonly ignoreConditions?: boolean;
  /** Answers a lost race with 409 instead of 412. */
  readonly conflictStatus?: 409 | 412;
}

export interface FakeS3 {
  readonly url: string;
  readonly requests: string[];
  /** Answers the next requests with this status. */
  failNext(status: number, times: number): void;
  close(): Promise<void>;
}

export async function startFakeS3(options: FakeS3Options): Promise<FakeS3> {
  const objects = new Map<string, Stored>();
  const requests: string[] = [];
  let failing: { status: number; times: number } | undefined;
  const error = (response: ServerResponse, status: number, code: string, head = false): void => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(
      head ? undefined : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    );
  };

  const answer = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    requests.push(`${request.method} ${key}`);
    const head = request.method === 'HEAD';
    if (failing !== undefined && failing.times-- > 0)
      return error(response, failing.status, 'SlowDown', head);
    if (bucket !== options.bucket) return error(response, 404, 'NoSuchBucket', head);
    if (!isSigned(request, body, { ...options, service: 's3' }))
      return error(response, 403, 'SignatureDoesNotMatch', head);
    if (key === '' && request.method === 'GET') return list(url, response);
    const present = objects.get(key);
    if (request.method === 'PUT') {
      const lost = options.conflictStatus ?? 412;
      if (options.ignoreConditions !== true) {
        if (request.headers['if-none-match'] === '*' && present !== undefined)
          return error(response, lost, 'PreconditionFailed');
        const match = request.headers['if-match']?.replaceAll('"', '');
        if (match !== undefined && present === undefined) return error(response, 404, 'NoSuchKey');
        if (match !== undefined && present?.etag !== match)
          return error(response, lost, 'PreconditionFailed');
      }
      const kept = ['content-type', 'cache-control', 'content-encoding'].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' && value !== 'aws-chunked' ? [[name, value] as const] : [];
      });
      const etag = createHash('md5').update(body).digest('hex');
      objects.set(key, { body, etag, headers: Object.fromEntries(kept) });
      response.writeHead(200, { etag: `"${etag}"` });
      return void response.end();
    }
    if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204);
      return void response.end();
    }
    if (present === undefined) return error(response, 404, 'NoSuchKey', head);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const headers = { ...present.headers, etag: `"${present.etag}"` };
    if (range === null) {
      response.writeHead(200, { ...headers, 'content-length': present.body.length });
      return void response.end(head ? undefined : present.body);
    }
    const start = Number(range[1]);
    const part = present.body.subarray(start, Number(range[2]) + 1);
    if (start >= present.body.length) return error(response, 416, 'InvalidRange');
    response.writeHead(206, {
      ...headers,
      'content-length': part.length,
      'content-range': `bytes ${start}-${start + part.length - 1}/${present.body.length}`,
    });
    return void response.end(part);
  };

  const list = (url: URL, response: ServerResponse): void => {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = Buffer.from(url.searchParams.get('continuation-token') ?? '', 'base64url').toString();
    const limit = Number(url.searchParams.get('max-keys') ?? 1000);
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const page = keys.slice(0, limit);
    const more =
      keys.length > page.length
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64url')}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    const contents = page
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><Size>${objects.get(key)?.body.length}</Size><ETag>&quot;${objects.get(key)?.etag}&quot;</ETag></Contents>`,
      )
      .join('');
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><ListBucketResult>${more}${contents}</ListBucketResult>`);
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
    failNext: (status, times) => {
      failing = { status, times };
    },
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}
