// A Worker that diffs two files of the size of a large app's bundle, and makes a patch between them.
import { loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { createPatch } from '@kivyx-ota/delta/diff';
import { bundleLike } from './bundle-like.ts';
// @ts-expect-error A module that workerd compiles itself.
import module from './bsdiff.wasm';

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const size = Number(searchParams.get('size'));
    const differ = await loadBsdiff({ module: module as WebAssembly.Module });
    const [base, target] = [bundleLike(size, 0), bundleLike(size, 48)];
    if (pathname === '/diff') return Response.json(differ(base, target));
    const { bytes } = await createPatch(base, target, { differ, formats: ['kvd1'] });
    return new Response(bytes as BodyInit);
  },
};
