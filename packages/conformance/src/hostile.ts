/** What a path below the base URL holds. */
export type DocumentKind = 'root' | 'index' | 'manifest' | 'object' | 'patch';

/** An answer of a server, as far as a client sees it. Header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Time between two bytes; default 0. */
  readonly dripMs?: number;
}

/** What a lie may be made from. */
export interface LieContext {
  readonly path: string;
  /** Headers of the request, in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** What the client is ready to take. */
  readonly maxSizeBytes: number;
  /** Honest answers to other paths of the same kind, earlier ones first. */
  readonly others: readonly Answer[];
  /** Honest answers that this path had before. */
  readonly earlier: readonly Answer[];
  /** The answer for the same kind of document of another channel, properly signed for that. */
  readonly foreign?: Answer;
}

/** One way to lie. */
export interface Lie {
  /** Such as `manifest: one bit is flipped`. */
  readonly name: string;
  readonly about: DocumentKind;
  /** True when a client may, or even must, succeed in spite of it. */
  readonly harmless?: true;
  tell(honest: Answer, context: LieContext): Answer;
}

const KINDS: readonly DocumentKind[] = ['root', 'index', 'manifest', 'object', 'patch'];
const BOMB_BYTES = 1 << 25;

const changed = (honest: Answer, body: Uint8Array): Answer => ({ ...honest, body });
const filled = (length: number, value: (i: number) => number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = value(i);
  return bytes;
};
const withoutBody = (
  honest: Answer,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  body: new Uint8Array(0),
  headers: { ...honest.headers, ...headers },
  status,
});

/** Lies that fit every document. */
const COMMON: Readonly<Record<string, Lie['tell']>> = {
  'a part is sent as the whole': (honest) => ({
    ...changed(honest, honest.body.slice(0, Math.max(1, honest.body.length - 7))),
    headers: { ...honest.headers, 'content-length': String(honest.body.length) },
  }),
  'a bomb: few bytes on the way, many when unpacked': (honest) => ({
    ...changed(honest, new Uint8Array(BOMB_BYTES)),
    headers: { ...honest.headers, 'content-encoding': 'gzip', 'content-length': '32768' },
  }),
  'a byte every ten seconds': (honest) => ({ ...honest, dripMs: 10_000 }),
  'a redirect to another host': (honest) =>
    withoutBody(honest, 302, { location: 'https://elsewhere.example/' }),
  'an error page with status 200': (honest) =>
    changed(
      { ...honest, headers: { 'content-type': 'text/html' } },
      filled(900, (i) => '<html>busy</html>'.charCodeAt(i % 17)),
    ),
  'another document of the same kind': (honest, { others }) =>
    others[0] ??
    changed(
      honest,
      filled(200, (i) => i),
    ),
  'cut off in the middle': (honest) => changed(honest, honest.body.slice(0, honest.body.length >> 1)),
  'everything is zero': (honest) => changed(honest, new Uint8Array(honest.body.length)),
  'it is not there': (honest) => withoutBody(honest, 404),
  'more than was agreed': (honest, { maxSizeBytes }) =>
    changed(honest, new Uint8Array(Math.min(maxSizeBytes + 1, BOMB_BYTES))),
  'not modified, though nothing was asked': (honest) => withoutBody(honest, 304),
  'nothing at all': (honest) => changed(honest, new Uint8Array(0)),
  'one bit is flipped': (honest) => {
    const body = honest.body.slice();
    const at = body.length >> 1;
    if (body.length > 0) body[at] = (body[at] as number) ^ 4;
    return changed(honest, body);
  },
  'one byte is added': (honest) =>
    changed(
      honest,
      filled(honest.body.length + 1, (i) => honest.body[i] ?? 0),
    ),
  'random bytes of the right length': (honest) =>
    changed(
      honest,
      filled(honest.body.length, (i) => (i * 73 + (i >> 3) * 151) & 255),
    ),
  'status 206 for a range that nobody wanted': (honest) => ({
    body: honest.body.slice(0, 10),
    headers: { ...honest.headers, 'content-range': `bytes 0-9/${honest.body.length}` },
    status: 206,
  }),
  'the server is broken': (honest) => withoutBody(honest, 500),
  'the status is made up': (honest) => ({ ...honest, status: 299 }),
};

const SPECIAL: readonly Lie[] = [
  {
    about: 'index',
    name: 'index: an older one is played back',
    tell: (honest, { earlier }) => earlier[0] ?? honest,
  },
  {
    about: 'index',
    name: 'index: of another channel, properly signed',
    tell: (honest, { foreign }) => foreign ?? honest,
  },
  {
    about: 'root',
    name: 'root: the one after the next',
    tell: (honest, { others }) => others[0] ?? withoutBody(honest, 404),
  },
  {
    about: 'index',
    harmless: true,
    name: 'index: the etag changes with every answer',
    tell: (honest) => ({ ...honest, headers: { ...honest.headers, etag: `"${honest.body.length}-other"` } }),
  },
  {
    about: 'object',
    harmless: true,
    name: 'object: ranges are ignored',
    tell: (honest) => honest,
  },
  {
    about: 'object',
    name: 'object: the wrong range',
    tell: (honest) => ({
      body: honest.body.slice(3),
      headers: {
        ...honest.headers,
        'content-range': `bytes 3-${honest.body.length - 1}/${honest.body.length}`,
      },
      status: 206,
    }),
  },
  {
    about: 'patch',
    name: 'patch: the whole target instead',
    tell: (honest, { others }) => changed(honest, others[1]?.body ?? filled(4000, (i) => i)),
  },
];

/**
 * Ways in which a server, a CDN or somebody in between can lie: about a hundred, each with a name. For everybody who writes a client or a
 * transport: put one between your client and an honest server (`lyingFetch` does it for `fetch`), and see that it refuses or goes on, that no wrong byte is
 * installed, and that the next honest answer heals it.
 *
 * @example
 * ```ts
 * import { hostileLies } from '@kivyx-ota/conformance/hostile';
 *
 * for (const { name } of hostileLies()) console.log(name);
 * ```
 */
export function hostileLies(): readonly Lie[] {
  const common = KINDS.flatMap((about) =>
    Object.keys(COMMON).map((what): Lie => ({
      about,
      name: `${about}: ${what}`,
      tell: COMMON[what] as Lie['tell'],
    })),
  );
  return [...common, ...SPECIAL];
}

/** What a path of the static layout holds; undefined for anything else. */
export function documentKind(path: string): DocumentKind | undefined {
  if (path.indexOf('objects/') === 0) return 'object';
  if (path.indexOf('patches/') === 0) return 'patch';
  if (path.indexOf('manifests/') === 0) return 'manifest';
  if (path.indexOf('channels/') === 0) return 'index';
  return /(^|\/)root/.test(path) ? 'root' : undefined;
}
