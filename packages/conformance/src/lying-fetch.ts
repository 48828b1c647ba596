import { type Answer, documentKind, type Lie } from './hostile.ts';

/** What of `fetch` is needed: that of browsers, Node, Workers and React Native has it. */
export type FetchLike = (
  input: string,
  init?: { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/** Options of {@link lyingFetch}. */
export interface LyingFetchOptions {
  readonly honest: FetchLike;
  readonly lie: Lie;
  /** Below it lie `channels/`, `objects/` …; with its slash. */
  readonly baseUrl: string;
  /** What a client takes at most where it has no other number; default 1 MiB. */
  readonly maxSizeBytes?: number;
  /** An index of another channel, for the lies that need one. */
  readonly foreign?: Answer;
}

/** A `fetch` that tells one lie, and may be made honest again. */
export interface LyingFetch {
  readonly fetch: FetchLike;
  /** How often it was asked for what it lies about. A lie that was never told proves nothing. */
  asked(): number;
  /** From now on everything is as the honest server says. */
  beHonest(): void;
}

/**
 * Puts a liar between a client that speaks `fetch` and an honest server.
 *
 * @example
 * ```ts
 * import { hostileLies } from '@kivyx-ota/conformance/hostile';
 * import { type FetchLike, lyingFetch } from '@kivyx-ota/conformance/lying-fetch';
 *
 * export async function tellAll(update: (fetch: FetchLike) => Promise<void>, baseUrl: string): Promise<void> {
 *   for (const lie of hostileLies()) {
 *     const liar = lyingFetch({ baseUrl, honest: fetch, lie });
 *     await update(liar.fetch).catch(() => undefined); // refused, or unharmed: look at what is installed
 *     liar.beHonest();
 *     await update(liar.fetch); // and now it must work
 *   }
 * }
 * ```
 */
export function lyingFetch({
  baseUrl,
  foreign,
  honest,
  lie,
  maxSizeBytes = 1_048_576,
}: LyingFetchOptions): LyingFetch {
  const answers = new Map<string, Answer[]>();
  let asked = 0;
  let isHonest = false;

  const lying: FetchLike = async (input, init = {}) => {
    const path = input.slice(baseUrl.length);
    if (isHonest || !input.startsWith(baseUrl)) return honest(input, init);
    const isAbout = documentKind(path) === lie.about;
    // A liar has the whole, whatever was asked for.
    const answer = await answerOf(await honest(input, isAbout ? {} : init));
    const earlier = answers.get(path) ?? [];
    answers.set(path, [...earlier, answer]);
    if (!isAbout) return responseOf(answer);
    asked++;
    const others = Array.from(answers).flatMap(([key, list]) =>
      key !== path && documentKind(key) === lie.about ? list : [],
    );
    const requestHeaders = Object.fromEntries(
      Object.entries(init.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return responseOf(
      lie.tell(answer, {
        earlier,
        maxSizeBytes,
        others,
        path,
        requestHeaders,
        ...(foreign === undefined ? {} : { foreign }),
      }),
    );
  };
  return {
    asked: () => asked,
    beHonest: () => {
      isHonest = true;
    },
    fetch: lying,
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name] = value;
  });
  return { body: new Uint8Array(await response.arrayBuffer()), headers, status: response.status };
}

function responseOf({ body, dripMs = 0, headers, status }: Answer): Response {
  // These have no body by definition; the constructor insists.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty || dripMs === 0) return new Response(isEmpty ? null : body.slice(), { headers, status });
  let at = 0;
  const dripping = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, dripMs));
      if (at < body.length) controller.enqueue(body.slice(at, ++at));
      else controller.close();
    },
  });
  return new Response(dripping, { headers, status });
}
