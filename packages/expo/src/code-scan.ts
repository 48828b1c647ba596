/**
 * `source` with the inside of comments and string literals turned into spaces: same length, same lines, so that an index found here is
 * an index there. Enough of Kotlin and Swift for that (block comments nest in both).
 */
export function blankOut(source: string): string {
  let out = '';
  let at = 0;
  const blank = (until: number): void => {
    out += source.slice(at, until).replace(/[^\n]/g, ' ');
    at = until;
  };
  while (at < source.length) {
    if (source.startsWith('//', at)) {
      const end = source.indexOf('\n', at);
      blank(end < 0 ? source.length : end);
    } else if (source.startsWith('/*', at)) {
      blank(blockCommentEnd(source, at));
    } else if (source[at] === '"') {
      const end = stringEnd(source, at);
      out += '"';
      at++;
      blank(end - 1);
      out += source[at] ?? '';
      at++;
    } else {
      out += source[at++];
    }
  }
  return out;
}

/** Index of the bracket that closes the one at `open`; -1 when there is none. `code` is blanked out. */
export function closingIndex(code: string, open: number): number {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    if ('([{'.includes(code[i] as string)) depth++;
    else if (')]}'.includes(code[i] as string) && --depth === 0) return i;
  }
  return -1;
}

function blockCommentEnd(source: string, start: number): number {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    if (source.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (source.startsWith('*/', i)) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return source.length;
}

function stringEnd(source: string, start: number): number {
  const quotes = source.startsWith('"""', start) ? '"""' : '"';
  for (let i = start + quotes.length; i < source.length; i++) {
    if (quotes === '"' && source[i] === '\\') i++;
    else if (source.startsWith(quotes, i)) return i + quotes.length;
  }
  return source.length;
}
