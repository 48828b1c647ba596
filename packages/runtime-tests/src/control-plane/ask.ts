import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { RecordedRequest } from './recorded-requests.ts';

/** What came back; of the body its hash, so that the record stays readable. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodySizeBytes: number;
  readonly bodySha256Hex: string;
}

export function toAnswer(
  status: number,
  headers: Iterable<readonly [string, string]>,
  body: Uint8Array,
): RecordedAnswer {
  return {
    bodySha256Hex: createHash('sha256').update(body).digest('hex'),
    bodySizeBytes: body.length,
    headers: Object.fromEntries(Array.from(headers).sort(([a], [b]) => (a < b ? -1 : 1))),
    status,
  };
}

/** Asks over HTTP, with the path as it is written: nothing is normalised, nothing added but what HTTP needs. */
export function ask(
  baseUrl: string,
  { method, path, headers = {}, body }: RecordedRequest,
): Promise<RecordedAnswer> {
  const { hostname, pathname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const request = httpRequest(
      {
        agent: false,
        headers: { ...headers, ...(bytes === undefined ? {} : { 'content-length': bytes.length }) },
        hostname,
        method,
        path: pathname.replace(/\/$/, '') + path,
        port,
        timeout: 30_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const given = Object.entries(response.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value] as const] : [],
          );
          resolve(toAnswer(response.statusCode ?? 0, given, Buffer.concat(chunks)));
        });
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${path}: no answer in 30 s`)));
    request.on('error', reject);
    request.end(bytes);
  });
}
