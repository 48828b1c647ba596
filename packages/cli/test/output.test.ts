import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const output = pathToFileURL(join(import.meta.dirname, '../src/output.ts')).href;
const register = new URL('fixtures/register-tsx.mjs', import.meta.url).href;

/** Runs `body` over an output that believes in a terminal; what it wrote, and how it ended. */
async function onTerminal(body: string): Promise<{ readonly said: string; readonly end: unknown[] }> {
  const program = `process.stderr.isTTY = true; delete process.env.CI;
    const { createOutput } = await import(${JSON.stringify(output)});
    const { progress } = createOutput(false);
    const object = (done, doneBytes) => progress({ type: 'object', done, doneBytes, sizeBytes: 1, total: 3, totalBytes: 1000, uploaded: true });
    ${body}`;
  const child = spawn(
    process.execPath,
    ['--conditions=@kivyx-ota/source', '--import', register, '--input-type=module', '-e', program],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { end: await once(child, 'close'), said };
}

it('says how long it takes only when it can tell, and after Ctrl-C what is left to do', async () => {
  const { end, said } = await onTerminal(`
    object(1, 20);
    process.stderr.write('|');
    object(2, 500);
    process.kill(process.pid, 'SIGINT');
    setTimeout(() => {}, 10_000);`);
  const [first, second] = said.split('|');
  expect(first).toContain('files 1 of 3');
  expect(first).not.toContain('left');
  expect(second).toMatch(/files 2 of 3.*, \d+ s left\nStopped\. What was uploaded is found again/);
  // By the signal, as a shell expects it.
  expect(end).toEqual([null, 'SIGINT']);
}, 30_000);
