/**
 * Length of `text` in UTF-8, or `undefined` when it holds a lone surrogate and has none. Sizes in documents are UTF-8
 * bytes, because a count of UTF-16 units means something else in every other language.
 */
export function textSizeBytes(text: string): number | undefined {
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point >= 0xd800 && point <= 0xdfff) return undefined;
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point > 0xffff) i++;
  }
  return size;
}
