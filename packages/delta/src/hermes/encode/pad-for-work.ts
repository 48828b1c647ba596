/**
 * `body` with as many zeros behind it as it takes to be allowed `decisions`: a decoder bounds its work by the length, and reads zeros past
 * the end anyway. `most`: how many decisions a body of so many bytes may ask for.
 */
export function padForWork(
  body: Uint8Array,
  decisions: number,
  most: (lengthBytes: number) => number,
): Uint8Array {
  let length = body.length;
  while (most(length) < decisions) length++;
  if (length === body.length) return body;
  const padded = new Uint8Array(length);
  padded.set(body);
  return padded;
}
