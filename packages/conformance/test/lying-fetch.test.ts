// The liar that speaks fetch, between a server of one object and the smallest client there is: it compares a hash.
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { hostileLies } from '@kivyx-ota/conformance/hostile';
import { type FetchLike, lyingFetch } from '@kivyx-ota/conformance/lying-fetch';
import { describe, expect, it } from 'vitest';

const BASE = 'https://cdn.example/ota/';
const BODY = new Uint8Array(5000).map((_, i) => i & 255);
const HASH = sha256Hex(BODY);
const URL_OF = `${BASE}objects/${HASH}`;
const ranges: (string | undefined)[] = [];
const honest: FetchLike = async (_url, init) => {
  ranges.push(init?.headers?.['range']);
  return new Response(BODY, { headers: { etag: '"1"' } });
};

async function install(fetch: FetchLike): Promise<boolean> {
  const answer = await fetch(URL_OF, { headers: { range: 'bytes=0-' } });
  if (answer.status !== 200) return false;
  return sha256Hex(new Uint8Array(await answer.arrayBuffer())) === HASH;
}

describe('lyingFetch', () => {
  it.each(hostileLies().filter(({ about, name }) => about === 'object' && !name.includes('ten seconds')))(
    '$name: told, caught, and not told any more',
    async (lie) => {
      const liar = lyingFetch({ baseUrl: BASE, honest, lie });
      expect(await install(liar.fetch)).toBe(lie.harmless === true);
      expect(liar.asked()).toBe(1);
      expect(ranges.pop()).toBeUndefined();
      liar.beHonest();
      expect(await install(liar.fetch)).toBe(true);
      expect([liar.asked(), ranges.pop()]).toEqual([1, 'bytes=0-']);
    },
  );

  it('tells nothing about other documents, and lets other hosts be', async () => {
    const [lie] = hostileLies().filter(({ about }) => about === 'index');
    const liar = lyingFetch({ baseUrl: BASE, honest, lie: lie! });
    expect(await install(liar.fetch)).toBe(true);
    expect(await (await liar.fetch('https://elsewhere.example/channels/')).arrayBuffer()).toHaveProperty(
      'byteLength',
      5000,
    );
    expect(liar.asked()).toBe(0);
  });

  it('drips: byte by byte, with the time between them that the lie wants', async () => {
    const lie = {
      about: 'object',
      name: 'slow',
      tell: (answer: object) => ({ ...answer, dripMs: 5 }),
    } as never;
    const { body } = await lyingFetch({ baseUrl: BASE, honest, lie }).fetch(URL_OF);
    const reader = body!.getReader();
    for (let i = 0; i < 3; i++) expect((await reader.read()).value).toEqual(BODY.slice(i, i + 1));
    await reader.cancel();
  });
});
