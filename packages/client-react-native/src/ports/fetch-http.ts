import {
  type AnswerReceiver,
  answerReceiver,
  clientError,
  type HttpPort,
  type StopSignal,
  type TimerPort,
} from '@kivyx-ota/client';

/** The answer of a `fetch`. */
export interface FetchResponse {
  readonly status: number;
  /** Where the answer came from, after redirects. */
  readonly url?: string;
  readonly type?: string;
  readonly headers: { forEach(take: (value: string, name: string) => void): void };
  /** Absent in React Native's own `fetch`, which hands bodies over whole. */
  readonly body?: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(reason?: unknown): Promise<unknown>;
    };
  } | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Options of {@link fetchHttp}. `Signal` is the app's `AbortSignal`. */
export interface FetchHttpOptions<Signal> {
  /** React Native's `fetch`, or the one of `expo/fetch`, which streams. */
  readonly fetch: (
    url: string,
    options: {
      readonly headers: Record<string, string>;
      readonly redirect: 'manual';
      readonly signal: Signal;
      readonly cache?: 'no-store';
    },
  ) => Promise<FetchResponse>;
  /** `() => new AbortController()`. */
  readonly createAbort: () => { readonly signal: Signal; abort(): void };
  readonly timer: TimerPort;
}

/** How often the caller's signal is looked at: it is a flag, not an event. */
const LOOK_MS = 100;

/**
 * HTTP over `fetch`. React Native's own hands bodies over whole: enough for indexes and manifests, which are small; for release files use
 * a {@link DownloadPort}. Where the platform follows redirects although asked not to, the answer's address tells, and the answer is given
 * as the redirect it was.
 */
export function fetchHttp<Signal>({ fetch: send, createAbort, timer }: FetchHttpOptions<Signal>): HttpPort {
  return {
    get: async (asked) => {
      const { headers, idleTimeoutMs, signal, url } = asked;
      const controller = createAbort();
      const idle = createIdleLimit(timer, url, idleTimeoutMs, signal, () => controller.abort());
      const receiver = answerReceiver(asked);
      try {
        const response = await idle.guard(
          send(url, {
            cache: 'no-store',
            headers: { ...headers },
            redirect: 'manual',
            signal: controller.signal,
          }),
        );
        const head = headOf(url, response);
        await receiver.head(head);
        // What a followed redirect brought is nobody's business.
        const isElsewhere = head.status >= 300 && head.status < 400;
        if (!isElsewhere) await readBody(response, idle, receiver);
        return receiver.end();
      } catch (error) {
        controller.abort();
        throw receiver.errorOf(error);
      } finally {
        idle.over();
      }
    },
  };
}

async function readBody(response: FetchResponse, idle: IdleLimit, receiver: AnswerReceiver): Promise<void> {
  if (response.status === 204 || response.status === 304) return;
  const reader = response.body?.getReader();
  if (reader === undefined) {
    const bytes = new Uint8Array(await idle.guard(response.arrayBuffer()));
    if (bytes.length > 0) await receiver.chunk(bytes);
    return;
  }
  try {
    for (;;) {
      const { done, value } = await idle.guard(reader.read());
      if (done) return;
      if (value !== undefined && value.length > 0) await receiver.chunk(value);
    }
  } catch (error) {
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

function headOf(
  url: string,
  response: FetchResponse,
): { readonly status: number; readonly headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  const { status, type, url: from } = response;
  // The Fetch standard hides a redirect behind status 0; React Native follows it, and only the address tells.
  if (type === 'opaqueredirect') return { headers, status: 302 };
  if (from !== undefined && from !== '' && withoutFragment(from) !== withoutFragment(url))
    return { headers: { location: from }, status: 302 };
  return { headers, status };
}

function withoutFragment(url: string): string {
  return url.split('#')[0] as string;
}

interface IdleLimit {
  /** Awaits the next thing the network owes. */
  guard<T>(work: Promise<T>): Promise<T>;
  over(): void;
}

function createIdleLimit(
  timer: TimerPort,
  url: string,
  idleTimeoutMs: number,
  signal: StopSignal | undefined,
  stop: () => void,
): IdleLimit {
  let isOver = false;
  return {
    guard: async (work) => {
      const sinceMs = timer.monotonicMs();
      let isHere = false;
      const look = async (): Promise<never> => {
        for (;;) {
          // Nobody waits any more; a promise that never settles holds nothing.
          if (isHere || isOver) return new Promise<never>(() => undefined);
          if (signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
          if (timer.monotonicMs() - sinceMs >= idleTimeoutMs)
            throw clientError('ERR_CLIENT_TIMEOUT', `Nothing from ${url} for ${idleTimeoutMs} ms`, {
              retryable: true,
            });
          await timer.sleep(Math.min(LOOK_MS, idleTimeoutMs));
        }
      };
      try {
        return await Promise.race([work, look()]);
      } catch (error) {
        work.catch(() => undefined);
        stop();
        throw error;
      } finally {
        isHere = true;
      }
    },
    over: () => {
      isOver = true;
    },
  };
}
