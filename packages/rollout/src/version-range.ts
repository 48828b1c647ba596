/** A parsed version: three numbers and the identifiers of its pre-release. */
interface Version {
  readonly numbers: readonly [number, number, number];
  readonly pre: readonly string[];
}

/** `from` ≤ version (or <, when `open`); a bound that is absent bounds nothing. */
interface Bound {
  readonly at: Version;
  readonly open: boolean;
}

interface Span {
  readonly from?: Bound;
  readonly to?: Bound;
}

// Three numbers at most 15 digits long, so that each is a safe integer; no part of the pattern can match two ways.
const VERSION =
  /^(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const PARTIAL = /^(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*]))?(?:\.(\d{1,15}|[xX*]))?$/;
const TERM = /^(>=|<=|[<>=^~]?)(.+)$/;
const MAX_LENGTH = 256;
const LOWEST: readonly string[] = ['0'];

/**
 * True when `text` is a range that {@link satisfiesRange} understands. For publishers: a release with a range that
 * nobody understands reaches nobody.
 */
export function isVersionRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/**
 * Is `version` inside `range`? `undefined` when `range` is none; false when `version` is none.
 *
 * Versions are those of semver.org; the second and third number may be missing (0) and numbers may have leading zeros,
 * because platforms report `17.4` and apps are called `2026.01.5`. Ranges: `=` `>` `>=` `<` `<=` `^` `~`, parts left out
 * or `x` or `*`, `a - b`, blanks for "and", `||` for "or". A partial version stands for everything that starts with it;
 * a pre-release is a version like any other and sorts before its release. At most 256 characters; O(length).
 */
export function satisfiesRange(version: string, range: string): boolean | undefined {
  const alternatives = parseRange(range);
  if (alternatives === undefined) return undefined;
  const wanted = parseVersion(version);
  if (wanted === undefined) return false;
  return alternatives.some((terms) => terms.every((span) => isInside(wanted, span)));
}

function parseVersion(text: string): Version | undefined {
  const match = text.length <= MAX_LENGTH ? VERSION.exec(text) : null;
  if (match === null) return undefined;
  const [, major, minor, patch, pre] = match;
  // A pre-release belongs to a whole version.
  if (pre !== undefined && patch === undefined) return undefined;
  return {
    numbers: [Number(major), Number(minor ?? 0), Number(patch ?? 0)],
    pre: pre === undefined ? [] : pre.split('.'),
  };
}

/** Alternatives, each a list of spans that must all hold. */
function parseRange(range: string): readonly (readonly Span[])[] | undefined {
  if (range.length > MAX_LENGTH) return undefined;
  const alternatives: Span[][] = [];
  for (const alternative of range.split('||')) {
    const words = alternative.trim().split(/\s+/);
    const terms: Span[] = [];
    for (let i = 0; i < words.length; i++) {
      let word = words[i] as string;
      if (words[i + 1] === '-') {
        const [low, high] = [spanOf('>=', word), spanOf('<=', words[i + 2] ?? '')];
        if (low === undefined || high === undefined) return undefined;
        terms.push(low, high);
        i += 2;
        continue;
      }
      // `>= 1.2` is written with a blank by many.
      if (/^(?:>=|<=|[<>=^~])$/.test(word)) word += words[++i] ?? '';
      const match = TERM.exec(word);
      const span = match === null ? undefined : spanOf(match[1] as string, match[2] as string);
      if (span === undefined) return undefined;
      terms.push(span);
    }
    alternatives.push(terms);
  }
  return alternatives;
}

function spanOf(operator: string, text: string): Span | undefined {
  const partial = PARTIAL.exec(text);
  const given = partial === null ? [] : numbersBeforeWildcard(partial.slice(1));
  if (given === undefined) return undefined;
  const whole = partial === null || given.length === 3 ? parseVersion(text) : undefined;
  if (partial === null && whole === undefined) return undefined;
  // `*` is everything; nothing is above or below it.
  if (partial !== null && given.length === 0) {
    return operator === '<' || operator === '>' ? { to: { at: lowest([]), open: true } } : {};
  }
  const parts = whole === undefined ? given : whole.numbers;
  const first: Bound = { at: whole ?? lowest(given), open: false };
  const behind: Bound =
    whole === undefined ? { at: next(parts, parts.length - 1), open: true } : { at: whole, open: false };
  switch (operator) {
    case '>=':
      return { from: first };
    case '>':
      return { from: { at: behind.at, open: !behind.open } };
    case '<':
      return { to: { at: first.at, open: true } };
    case '<=':
      return { to: behind };
    case '~':
      return { from: first, to: { at: next(parts, Math.min(1, parts.length - 1)), open: true } };
    case '^': {
      const significant = parts.findIndex((part) => part > 0);
      return {
        from: first,
        to: { at: next(parts, significant < 0 ? parts.length - 1 : significant), open: true },
      };
    }
    default:
      return { from: first, to: behind };
  }
}

/** The numbers in front of the first `x`; undefined when a number follows one. */
function numbersBeforeWildcard(parts: readonly (string | undefined)[]): number[] | undefined {
  const numbers: number[] = [];
  let open = false;
  for (const part of parts) {
    const isNumber = part !== undefined && /^\d/.test(part);
    if (isNumber && open) return undefined;
    if (isNumber) numbers.push(Number(part));
    else open = true;
  }
  return numbers;
}

/** The lowest version that starts with `parts`: its first pre-release. */
function lowest(parts: readonly number[]): Version {
  return { numbers: [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0], pre: LOWEST };
}

/** The lowest version with the number at `index` one higher. */
function next(parts: readonly number[], index: number): Version {
  return lowest([...parts.slice(0, index), (parts[index] as number) + 1]);
}

function isInside(version: Version, { from, to }: Span): boolean {
  if (from !== undefined) {
    const order = compare(version, from.at);
    if (order < 0 || (order === 0 && from.open)) return false;
  }
  if (to !== undefined) {
    const order = compare(version, to.at);
    if (order > 0 || (order === 0 && to.open)) return false;
  }
  return true;
}

/** Precedence of semver.org §11. */
function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] as number) - (b.numbers[i] as number);
    if (difference !== 0) return difference;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let i = 0; i < a.pre.length && i < b.pre.length; i++) {
    const difference = compareIdentifiers(a.pre[i] as string, b.pre[i] as string);
    if (difference !== 0) return difference;
  }
  return a.pre.length - b.pre.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  // Digits may be more than a number holds: longer is larger, and equally long ones compare as text.
  if (aIsNumber) {
    const [x, y] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
    if (x.length !== y.length) return x.length - y.length;
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
