import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { kivyx } from './run-kivyx.ts';

/**
 * A `kivyx` for shell scripts that runs the command in this process: the script is as a guide has it, and each command takes milliseconds.
 * Words, folder, KIVYX_ variables, both outputs and the exit code go over a socket; bash itself can do that.
 */
export async function kivyxShim(
  home: string,
): Promise<{ readonly folder: string; readonly close: () => Promise<void> }> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      // cwd, environment, words; each field ends with NUL, and the last one is empty.
      if (!received.subarray(-2).equals(Buffer.of(0, 0))) return;
      const [cwd = '', count = '', ...rest] = received.toString('utf8').split('\0').slice(0, -2);
      const env = Object.fromEntries(
        rest.slice(0, Number(count)).map((line) => {
          const at = line.indexOf('=');
          return [line.slice(0, at), line.slice(at + 1)];
        }),
      );
      void kivyx(rest.slice(Number(count)), { cwd, env }).then(({ code, stderr, stdout }) => {
        const encode = (text: string): string => Buffer.from(text).toString('base64');
        socket.end(`${code}\n${encode(stdout)}\n${encode(stderr)}\n`);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(home, '.bin-'));
  writeFileSync(
    join(folder, 'kivyx'),
    `#!/bin/bash
mapfile -t env < <(env | grep -a '^KIVYX_\\|^CI=')
exec 3<>/dev/tcp/127.0.0.1/${port}
printf '%s\\0' "$PWD" "\${#env[@]}" "\${env[@]}" "$@" '' >&3
read -r code <&3; read -r out <&3; read -r err <&3
base64 -d <<<"$out"; base64 -d <<<"$err" >&2
exit "$code"
`,
  );
  chmodSync(join(folder, 'kivyx'), 0o755);
  return {
    close: () => new Promise((resolve) => server.close(() => resolve())),
    folder,
  };
}
