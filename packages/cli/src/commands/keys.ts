import { isOtaError } from '@kivyx-ota/core';
import { parsePublicKey, type PublicKey } from '@kivyx-ota/cose';
import { ALL_ALGORITHMS, createLocalSigner, exportPublicKey, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher } from '@kivyx-ota/publisher';
import { type Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../usage-error.ts';
import { namingSource } from '../naming-source.ts';
import { createOutput } from '../output.ts';
import { readTrust } from '../read-trust.ts';
import { type CommonFlags, openSession, refuseWithServer } from '../session.ts';
import { writeNew } from '../write-new.ts';

type Format = 'all' | 'pem' | 'jwk' | 'hex';

/** `keys`. */
export function addKeyCommands(program: Command, scoped: (command: Command) => Command): void {
  const keys = program.command('keys').description('Make, show and rotate signing keys.');
  keys
    .command('generate')
    .description('Make a key pair: <name>.pem (secret, for signing) and <name>.pub.pem (for the app).')
    .option('--out <folder>', 'where to write', 'keys')
    .option('--name <name>', 'name of both files', 'release')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, name, out }: { json?: boolean; name: string; out: string }) => {
      const [secret, open] = [join(out, `${name}.pem`), join(out, `${name}.pub.pem`)];
      const pair = generateKeyPair();
      await writeNew(
        [
          { content: pair.privateKeyPem, mode: 0o600, path: secret },
          { content: pair.publicKeyPem, path: open },
        ],
        'a key that signed releases is not overwritten',
      );
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
      show(await readPublicKey(file), 'all', json === true);
    });
  scoped(keys.command('export'))
    .description(
      'Export the public key that signs: of the configuration (also from a KMS), or of a PEM file. For the app and the trust root.',
    )
    .addOption(new Option('--role <role>', 'which signer').choices(['release', 'index']).default('release'))
    .option('--key <file>', 'a PEM file, private or public, instead of the configuration')
    .addOption(
      new Option('--format <format>', 'one form only, for scripts')
        .choices(['all', 'pem', 'jwk', 'hex'])
        .default('all'),
    )
    .action(async (flags: CommonFlags & { role: 'release' | 'index'; key?: string; format: Format }) => {
      const key =
        flags.key === undefined
          ? await (
              await openSession(flags)
            ).config
              .signers()
              .then((signers) => signers[flags.role].publicKey())
          : await readPublicKey(flags.key);
      show(key, flags.format, flags.json === true);
    });
  scoped(keys.command('rotate'))
    .description(
      "Sign the channel's index with the key of the configuration. When that root or key list no longer knows the old key, --from says what trusted it.",
    )
    .option(
      '--from <file>',
      'public key (PEM) or trust root (.cose) that trusted the old key; from your records, not from the bucket',
    )
    .option(
      '--last-good <epoch-sequence>',
      'sign this entry of the log instead of what is there: the old key was stolen',
    )
    .action(async (flags: CommonFlags & { from?: string; lastGood?: string }) => {
      const session = await openSession(flags);
      const { config, output } = session;
      refuseWithServer(session, 'start it with another signer, which signs every channel anew');
      const one = createPublisher(await session.writer());
      if (flags.lastGood !== undefined && flags.from === undefined)
        throw usageError('--last-good needs --from: what trusted the key of that index');
      const index = await (flags.from === undefined
        ? one.refresh().catch((error: unknown) => {
            if (!isOtaError(error, 'ERR_COSE_KEY_UNKNOWN')) throw error;
            throw usageError(
              'The index is signed by a key that is not trusted any more: give --from with the public key or the root that trusted it',
            );
          })
        : one.recoverIndex({
            previousTrust: await readTrust(flags.from),
            ...(flags.lastGood === undefined ? {} : { lastGood: parseEntry(flags.lastGood) }),
          }));
      const { kidHex } = await (await config.signers()).index.publicKey();
      output.result({ epoch: index.epoch, kidHex, sequence: index.sequence }, [
        `Index ${index.epoch}-${index.sequence} with ${index.releases.length} releases is signed by ${kidHex}`,
        'Next: kivyx verify',
      ]);
    });
}

async function readPublicKey(file: string): Promise<PublicKey> {
  if (!existsSync(file)) throw usageError(`No key file ${file}`);
  const text = await readFile(file, 'utf8');
  return namingSource(file, () =>
    text.includes('PRIVATE KEY')
      ? createLocalSigner(text).publicKey()
      : parsePublicKey(text.includes('-----') ? text : text.trim(), ALL_ALGORITHMS),
  );
}

function show(key: PublicKey, format: Format, json: boolean): void {
  const { jwk, pem, rawHex } = exportPublicKey(key);
  const forms: Readonly<Record<Format, readonly string[]>> = {
    all: [`kid     ${key.kidHex}`, `raw hex ${rawHex}`, `JWK     ${JSON.stringify(jwk)}`, pem.trim()],
    hex: [rawHex],
    jwk: [JSON.stringify(jwk)],
    pem: [pem.trim()],
  };
  createOutput(json).result({ jwk, kidHex: key.kidHex, pem, rawHex }, forms[format]);
}

function parseEntry(text: string): { readonly epoch: number; readonly sequence: number } {
  const [, epoch, sequence] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (epoch === undefined)
    throw usageError(`An entry of the log is like 3-17 (kivyx log shows them), not ${text}`);
  return { epoch: Number(epoch), sequence: Number(sequence) };
}
