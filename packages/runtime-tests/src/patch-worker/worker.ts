// A Worker that makes patches, or only diffs. Body: both files, one behind the other; `base` in the address: how long the first is.
import { loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { createPatch, type PatchFormat } from '@kivyx-ota/delta/diff';
// @ts-expect-error A module that workerd compiles itself.
import module from './bsdiff.wasm';

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const files = new Uint8Array(await request.arrayBuffer());
    const length = Number(searchParams.get('base'));
    const [base, target] = [files.subarray(0, length), files.subarray(length)];
    const differ = await loadBsdiff({ module: module as WebAssembly.Module });
    if (pathname === '/diff') return Response.json(differ(base, target).length);
    const formats = searchParams.get('formats')?.split(',') as PatchFormat[];
    const { bytes } = await createPatch(base, target, { differ, formats });
    return new Response(bytes as BodyInit);
  },
};
