import { pathToFileURL } from 'node:url';
import type { findChromium } from './find-runtime.ts';

/** What is used of playwright-core, which is not installed everywhere. */
interface Driver {
  readonly chromium: { launch(options: object): Promise<Browser> };
}

export interface Browser {
  newPage(options?: object): Promise<BrowserPage>;
  close(): Promise<void>;
}

export interface BrowserPage {
  evaluate(expression: string): Promise<unknown>;
  waitForFunction(expression: string, argument: undefined, options: object): Promise<unknown>;
  goto(url: string): Promise<unknown>;
  getByLabel(label: string): BrowserElement;
  getByRole(
    role: string,
    options?: { readonly name?: string | RegExp; readonly exact?: boolean },
  ): BrowserElement;
  getByText(text: string | RegExp): BrowserElement;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
}

/** Waits until it is there, half a minute at most. */
export interface BrowserElement {
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  innerText(): Promise<string>;
  waitFor(): Promise<void>;
}

/** Starts a Chromium without a window. */
export async function openChromium({
  driverPath,
  executablePath,
}: NonNullable<ReturnType<typeof findChromium>>): Promise<Browser> {
  const { chromium } = (await import(pathToFileURL(driverPath).href)) as Driver;
  return chromium.launch({ args: ['--disable-dev-shm-usage'], executablePath });
}
