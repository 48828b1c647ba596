import { type Differ, suffixArrayDiffer } from '@kivyx-ota/delta/diff';
import { loadBsdiff } from './load-bsdiff.ts';

/**
 * {@link loadBsdiff} where WebAssembly may be compiled at run time, otherwise the TypeScript differ (an engine without WebAssembly;
 * workerd, where `loadBsdiff({ module })` is the fast one). Patches are the same to the byte either way: only time and memory differ.
 */
export async function fastestDiffer(): Promise<Differ> {
  try {
    return await loadBsdiff();
  } catch {
    return suffixArrayDiffer;
  }
}
