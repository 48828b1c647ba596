import { type EngineRun, LAST_LINE, SAY_BUFFER } from './engine-run.ts';
import type { findChromium } from './find-runtime.ts';
import { openChromium } from './open-chromium.ts';

/** Runs a script in an empty page of Chromium. */
export async function runInChromium(
  found: NonNullable<ReturnType<typeof findChromium>>,
  script: string,
): Promise<EngineRun> {
  const browser = await openChromium(found);
  try {
    const page = await browser.newPage();
    const prelude = 'globalThis.printed = []; globalThis.print = (text) => void printed.push(text);';
    await page.evaluate(`${prelude}\n(() => { ${SAY_BUFFER}${script}\n})()`);
    await page.waitForFunction(`${String(LAST_LINE)}.test(printed[printed.length - 1])`, undefined, {
      timeout: 110_000,
    });
    return { failed: false, lines: (await page.evaluate('printed')) as string[] };
  } finally {
    await browser.close();
  }
}
