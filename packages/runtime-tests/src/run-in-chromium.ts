import { pathToFileURL } from 'node:url';
import { type EngineRun, LAST_LINE, SAY_BUFFER } from './engine-run.ts';
import type { findChromium } from './find-runtime.ts';

/** What is used of playwright-core, which is not installed everywhere. */
interface Driver {
  readonly chromium: {
    launch(options: object): Promise<{
      newPage(): Promise<{
        evaluate(expression: string): Promise<unknown>;
        waitForFunction(expression: string, argument: undefined, options: object): Promise<unknown>;
      }>;
      close(): Promise<void>;
    }>;
  };
}

/** Runs a script in an empty page of Chromium. */
export async function runInChromium(
  { driverPath, executablePath }: NonNullable<ReturnType<typeof findChromium>>,
  script: string,
): Promise<EngineRun> {
  const { chromium } = (await import(pathToFileURL(driverPath).href)) as Driver;
  const browser = await chromium.launch({ args: ['--disable-dev-shm-usage'], executablePath });
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
