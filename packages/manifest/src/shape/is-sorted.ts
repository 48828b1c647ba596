/**
 * True when the ASCII `texts` rise strictly, which also means that none is there twice. Lists whose order means nothing
 * are sorted, so that one document has one encoding.
 */
export function isSorted(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || (texts[i - 1] as string) < text);
}
