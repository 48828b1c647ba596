import { ALL_ALGORITHMS, exportPublicKey, generateKeyPair } from '@kivyx-ota/cose/sign';
import { parsePublicKey } from '@kivyx-ota/cose';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usageError } from '../config.ts';
import { createOutput } from '../output.ts';

/** `init` and `keys`: what a project needs before its first release. */
export function addSetupCommands(program: Command): void {
  program
    .command('init')
    .description('Write kivyx.config.json into this folder.')
    .requiredOption('--project <name>', 'name of your project')
    .requiredOption('--app <name>', 'name of the app')
    .option('--platform <platform>', 'ios or android', 'android')
    .option('--channel <name>', 'channel to publish to', 'production')
    .option('--storage <folder>', 'folder of the bucket', 'bucket')
    .option('--json', 'print the result as JSON')
    .action(async ({ app, channel, json, platform, project, storage }: Record<string, string>) => {
      const path = resolve('kivyx.config.json');
      if (existsSync(path)) throw usageError(`${path} is there already; change it by hand`);
      const config = { project, app, platform, channel, storage };
      await writeFile(path, `${JSON.stringify(config, undefined, 2)}\n`, { flag: 'wx' });
      createOutput(json !== undefined).result({ config, path }, [
        `Written: ${path}`,
        'Next: kivyx keys generate',
      ]);
    });

  const keys = program.command('keys').description('Make and show signing keys.');
  keys
    .command('generate')
    .description('Make a key pair: <name>.pem (secret, for signing) and <name>.pub.pem (for the app).')
    .option('--out <folder>', 'where to write', 'keys')
    .option('--name <name>', 'name of both files', 'release')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, name, out }: { json?: boolean; name: string; out: string }) => {
      const [secret, open] = [join(out, `${name}.pem`), join(out, `${name}.pub.pem`)];
      for (const path of [secret, open]) {
        if (existsSync(path))
          throw usageError(`${path} is there already; a key that signed releases is not overwritten`);
      }
      const pair = generateKeyPair();
      await mkdir(dirname(secret), { recursive: true });
      await writeFile(secret, pair.privateKeyPem, { flag: 'wx', mode: 0o600 });
      await writeFile(open, pair.publicKeyPem, { flag: 'wx' });
      createOutput(json === true).result(
        { kidHex: pair.publicKey.kidHex, privateKey: secret, publicKey: open },
        [
          `Key ${pair.publicKey.kidHex}`,
          `  ${secret}  keep it out of the repository`,
          `  ${open}  goes into the app`,
          'Next: kivyx publish',
        ],
      );
    });
  keys
    .command('show')
    .description('Show a public key in every form: PEM, JWK, raw hex.')
    .argument('<file>', 'a public key')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const key = parsePublicKey(
        await readFile(file, 'utf8').then((text) => (text.includes('-----') ? text : text.trim())),
        ALL_ALGORITHMS,
      );
      const { jwk, pem, rawHex } = exportPublicKey(key);
      createOutput(json === true).result({ jwk, kidHex: key.kidHex, pem, rawHex }, [
        `kid     ${key.kidHex}`,
        `raw hex ${rawHex}`,
        `JWK     ${JSON.stringify(jwk)}`,
        pem.trim(),
      ]);
    });
}
