import * as v from 'valibot';
import { serverError } from './error.ts';

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

/** The JSON body, read up to `maxSizeBytes`. @throws ERR_SERVER_TOO_LARGE, ERR_SERVER_INPUT */
export async function readJson(request: Request, maxSizeBytes: number): Promise<unknown> {
  const tooLarge = (): never => {
    throw serverError('ERR_SERVER_TOO_LARGE', `The body may have ${maxSizeBytes} bytes`);
  };
  if (Number(request.headers.get('content-length') ?? 0) > maxSizeBytes) tooLarge();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (request.body !== null) {
    const reader = request.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      sizeBytes += next.value.length;
      if (sizeBytes > maxSizeBytes) {
        await reader.cancel();
        tooLarge();
      }
      chunks.push(next.value);
    }
  }
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(whole));
  } catch {
    throw serverError('ERR_SERVER_INPUT', 'The body is not JSON');
  }
}
