import { Miniflare } from 'miniflare';
import { type BufferMode, type EngineRun, LAST_LINE, SAY_BUFFER } from './engine-run.ts';

/**
 * Runs a script in workerd, inside a request: at start-up it allows what it refuses later (`new Function`). Buffer is there with
 * `nodejs_compat` only.
 */
export async function runInWorkerd(script: string, buffer: BufferMode): Promise<EngineRun> {
  const flags = buffer === 'with Buffer' ? ['nodejs_compat'] : [];
  const lines = 'globalThis.printed = []; globalThis.print = (text) => globalThis.printed.push(text);';
  const worker = new Miniflare({
    compatibilityDate: '2026-01-01',
    compatibilityFlags: flags,
    modules: true,
    script: `
      ${flags.length > 0 ? `import { Buffer } from 'node:buffer'; globalThis.Buffer = Buffer;` : ''}
      ${lines}
      const run = () => { ${SAY_BUFFER}${script} };
      export default {
        async fetch() {
          run();
          while (!${String(LAST_LINE)}.test(printed[printed.length - 1])) await new Promise((go) => setTimeout(go, 1));
          return Response.json(printed);
        },
      };`,
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    return {
      failed: !response.ok,
      lines: response.ok ? ((await response.json()) as string[]) : [await response.text()],
    };
  } finally {
    await worker.dispose();
  }
}
