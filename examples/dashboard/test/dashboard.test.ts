import { findChromium } from '@kivyx-ota/runtime-tests';
import { type Browser, openChromium, type BrowserPage } from '@kivyx-ota/runtime-tests/open-chromium';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPage } from '../src/build-page.ts';
import { createSite } from '../src/create-site.ts';
import { type SampleServer, startSampleServer } from '../src/sample-server.ts';

let sample: SampleServer;
let site: Server;
let origin: string;

beforeAll(async () => {
  sample = await startSampleServer();
  site = await createSite(sample.handle);
  site.listen(0, '127.0.0.1');
  await new Promise((resolve) => site.once('listening', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

describe('the files of the page', () => {
  it('come with a policy that lets nothing in from elsewhere', async () => {
    const page = await fetch(`${origin}/dashboard/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const html = await page.text();
    for (const [, file] of html.matchAll(/(?:src|href)="(page\.\w+)"/g))
      expect((await fetch(`${origin}/dashboard/${file}`)).status, file).toBe(200);
    expect(html).not.toMatch(/<script>|https?:/);
  });

  it('are below the slash, and nothing else is', async () => {
    const bare = await fetch(`${origin}/dashboard`, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/dashboard/']);
    expect((await fetch(`${origin}/dashboard/..%2fpackage.json`)).status).toBe(404);
    expect((await fetch(`${origin}/dashboard/`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  });

  it('refuses a server path that would end the attribute it goes into', async () => {
    await expect(buildPage('/ota/"><script>/')).rejects.toThrow(RangeError);
    await expect(buildPage('/ota')).rejects.toThrow('expected a path like /ota/');
  });
});

const chromium = findChromium();
if (chromium === undefined) {
  const what = 'the dashboard in a browser: Chromium (apt: chromium) or playwright-core is not installed';
  if (process.env['CI'] !== undefined) throw new Error(`CI must have ${what}`);
  console.warn(`Skipped: ${what}`);
}

describe.skipIf(chromium === undefined)('in Chromium', () => {
  let browser: Browser;
  let page: BrowserPage;
  const errors: string[] = [];
  beforeAll(async () => {
    browser = await openChromium(chromium as NonNullable<typeof chromium>);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => void errors.push(message));
    await page.goto(`${origin}/dashboard/#cafe/android/production`);
  });
  const open = async (apiKey: string): Promise<void> => {
    await page.getByLabel('API key').fill(apiKey);
    await page.getByRole('button', { name: 'Open' }).click();
  };
  const press = (name: string): Promise<void> => page.getByRole('button', { exact: true, name }).click();

  it('shows that the guardrail has paused a release, on what evidence, and how devices fared', async () => {
    await open(sample.readKey);
    const releases = await page.getByRole('table').innerText();
    expect(releases.split('\n').map((line) => line.split('\t').slice(0, 4).join(' '))).toEqual([
      'Version Code Status Rollout',
      '1.2.0 3 paused 10 %',
      '1.1.0 2 active 100 %',
      '1.0.0 1 active 100 %',
    ]);
    await page.getByText(/^by guardrail · .*failed \d+/).waitFor();
    await page.getByText('24.44 % of 90 failed, as the guardrail counts').waitFor();
    await press('1.1.0');
    await page.getByText(/took a patch · 2 crashed/).waitFor();
    await page.getByRole('img', { name: 'Devices over time: 840 install, 838 healthy, 2 failed' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('rolls out, pauses, resumes and revokes with a key that may', async () => {
    await open(sample.apiKey);
    await press('25 %');
    await page.getByRole('button', { exact: true, name: '25 %' }).waitFor();
    await page.getByText('basisPoints 2500').waitFor();
    await press('Resume');
    await page.getByRole('button', { exact: true, name: 'Pause' }).waitFor();
    await press('Pause');
    await page.getByRole('button', { exact: true, name: 'Resume' }).waitFor();
    await press('One more try');
    await page.getByText(/^\S+ \S+ \S+ retry/).waitFor();
    await page.getByText('Revoke …').click();
    await page.getByLabel('Type its version to go on').fill('1.1.0');
    await press('Revoke 1.2.0');
    // Not the version that was to be typed: the browser does not send the form.
    await page.getByRole('button', { exact: true, name: 'Resume' }).waitFor();
    await page.getByLabel('Type its version to go on').fill('1.2.0');
    await press('Revoke 1.2.0');
    await page.getByRole('row', { name: /1\.2\.0 .*revoked/ }).waitFor();
    expect(errors).toEqual([]);
  });

  it('says what the server says to a key that may not', async () => {
    await open(sample.readKey);
    await press('1.1.0');
    await press('Pause');
    await page.getByText(/ERR_SERVER_FORBIDDEN/).waitFor();
    await press('Sign out');
    await open('kvx_0123456789abcdef_forged');
    await page.getByText(/ERR_SERVER_UNAUTHENTICATED/).waitFor();
    expect(errors).toEqual([]);
  });
});
