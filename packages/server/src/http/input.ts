import { readAtMost } from '@kivyx-ota/core';
import * as v from 'valibot';
import { serverError } from './error.ts';
import { withinMs } from './within-ms.ts';

/** `value` (untrusted) as `schema` has it. @throws ERR_SERVER_INPUT naming the first member that does not fit */
export function readInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue) ?? 'input';
  throw serverError('ERR_SERVER_INPUT', `${path}: ${issue.message}`.slice(0, 300));
}

/** The query of `url`; a name given twice is refused, as parts of a chain would read different ones. */
export function readQuery(url: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of new URL(url).searchParams) {
    if (Object.hasOwn(out, name)) throw serverError('ERR_SERVER_INPUT', `${name.slice(0, 64)}: given twice`);
    if (name !== '__proto__') out[name] = value;
  }
  return out;
}

const ADMIN_BYTES = 65_536;

/** The body of an admin's request. @throws ERR_SERVER_TOO_LARGE, ERR_SERVER_INPUT */
export async function readAdminBody<T>(request: Request, schema: v.GenericSchema<unknown, T>): Promise<T> {
  return readInput(schema, await readJson(request, ADMIN_BYTES));
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A client that drips its body would hold a place that others need. */
const BODY_TIMEOUT_MS = 10_000;

/** The JSON body, read up to `maxSizeBytes` and for ten seconds. @throws ERR_SERVER_TOO_LARGE, ERR_SERVER_INPUT */
export async function readJson(request: Request, maxSizeBytes: number): Promise<unknown> {
  const body = await withinMs(BODY_TIMEOUT_MS, readBody(request, maxSizeBytes), () =>
    serverError('ERR_SERVER_INPUT', 'The body took longer than ten seconds'),
  );
  try {
    return JSON.parse(strictUtf8.decode(body));
  } catch {
    throw serverError('ERR_SERVER_INPUT', 'The body is not JSON');
  }
}

async function readBody(request: Request, maxSizeBytes: number): Promise<Uint8Array> {
  const stated = request.headers.get('content-length');
  if (stated !== null) {
    if (Number(stated) > maxSizeBytes) throw tooLarge(maxSizeBytes);
    // HTTP ends a body where it was said to end; adapters read it so for a fraction of what a stream costs.
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > maxSizeBytes) throw tooLarge(maxSizeBytes);
    return body;
  }
  const body = await readAtMost(request.body, maxSizeBytes);
  if (body === undefined) throw tooLarge(maxSizeBytes);
  return body;
}

function tooLarge(maxSizeBytes: number): Error {
  return serverError('ERR_SERVER_TOO_LARGE', `The body may have ${maxSizeBytes} bytes`);
}
