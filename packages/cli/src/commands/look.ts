import { sha256Hex } from '@kivyx-ota/core/sha256';
import { inspectBytecode } from '@kivyx-ota/delta/bytecode';
import { readContainer } from '@kivyx-ota/delta';
import { safeParseBootRecord, safeParseIntentRecord } from '@kivyx-ota/lifecycle';
import { inspectUnverified } from '@kivyx-ota/manifest/inspect';
import { explain } from '@kivyx-ota/rollout';
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import type { Command } from 'commander';
import { basename } from 'node:path';
import { describePatchRate, readPatchRate } from '../patch-rate.ts';
import { usageError } from '../usage-error.ts';
import { checkDelivery } from '../check-delivery.ts';
import { EXIT } from '../exit-codes.ts';
import { bytes, createOutput } from '../output.ts';
import { readBytes } from '../read-file.ts';
import { parseCount } from '../parse-count.ts';
import { type CommonFlags, openSession, readIndex } from '../session.ts';

/** Commands that look: `inspect`, `explain`, `verify`, `doctor`, `serve`. They change nothing. */
export function addLookCommands(program: Command, scoped: (command: Command) => Command): void {
  program
    .command('inspect')
    .description(
      'Show any file of Kivyx as readable JSON: manifest, index, root, patch, bytecode, object, record of a device. Nothing is verified.',
    )
    .argument('<file>', 'the file')
    .action(async (file: string) => {
      const content = await readBytes(file);
      createOutput(true).result(inspectAny(content, file), []);
    });

  scoped(program.command('explain'))
    .description('Say why a device gets a release, or why not.')
    .requiredOption('--device <id>', 'the device id')
    .option('--binary-version <version>', 'store version on the device', '1.0.0')
    .option('--runtime-version <version>', 'native runtime on the device')
    .option('--current <code>', 'version code that it runs', '0')
    .option('--embedded <code>', 'version code of its embedded bundle', '0')
    .action(
      async (
        flags: CommonFlags & {
          device: string;
          binaryVersion: string;
          runtimeVersion?: string;
          current: string;
          embedded: string;
        },
      ) => {
        const currentVersionCode = parseCount('--current', flags.current);
        const session = await openSession(flags);
        const { config, output } = session;
        const index = await readIndex(await session.reader(), config);
        const running = index.releases.find(({ versionCode }) => versionCode === currentVersionCode);
        const facts = {
          ...config.scope,
          binaryVersion: flags.binaryVersion,
          currentVersionCode,
          deviceId: flags.device,
          embeddedVersionCode: parseCount('--embedded', flags.embedded),
          ...(flags.runtimeVersion === undefined ? {} : { runtimeVersion: flags.runtimeVersion }),
          ...(running === undefined ? {} : { currentReleaseId: running.releaseId }),
        };
        const { decision, lines } = explain(index, facts, Math.floor(Date.now() / 1000));
        const patchRate =
          decision.action === 'update' ? await readPatchRate(session, decision.release.releaseId) : undefined;
        if (patchRate === undefined) return output.result(decision, lines);
        const [outcome = '', ...more] = lines;
        output.result({ ...decision, patchRate }, [outcome, describePatchRate(patchRate), ...more]);
      },
    );

  scoped(program.command('verify'))
    .description('Read a channel to its last byte: signatures, hashes, every patch applied.')
    .action(async (flags: CommonFlags) => {
      const { config, output, reader } = await openSession(flags);
      const one = await reader();
      const report = await one.verify();
      // A channel of another name is not a sound one.
      if (report.sequence === undefined && report.problems.length === 0) await readIndex(one, config);
      output.result(report, [
        `${report.releases} releases, ${report.objects} files, ${report.patches} patches applied, ${bytes(report.bytes)} read`,
        ...(report.problems.length === 0
          ? ['No problems.']
          : report.problems.map(({ code, key, message }) => `${code} ${key}: ${message}`)),
      ]);
      if (report.problems.length > 0) process.exitCode = EXIT.problems;
    });

  scoped(program.command('doctor'))
    .description(
      "Check Node, configuration, keys, the storage's conditional writes, and the age of the index; with --base-url also what devices get from the CDN, and its headers.",
    )
    .option('--base-url <url>', 'where devices look, such as https://ota.example.com/')
    .action(async (flags: CommonFlags & { baseUrl?: string }) => {
      const checks: (readonly [string, boolean, string])[] = [];
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      checks.push(['Node', major > 20 || (major === 20 && minor >= 19), process.versions.node]);
      const { config, control, output, reader } = await openSession(flags);
      checks.push(['configuration', true, config.configFile ?? 'flags and environment']);
      await check(checks, 'keys', async () => {
        const { index, release } = await config.signers();
        return `release ${(await release.publicKey()).kidHex}, index ${(await index.publicKey()).kidHex}`;
      });
      await check(checks, 'conditional writes', async () => {
        const key = `doctor/${Date.now()}`;
        const first = await config.storage.put(key, new Uint8Array(1), { ifAbsent: true });
        const again = await config.storage.put(key, new Uint8Array(2), { ifAbsent: true });
        await config.storage.delete(key);
        if (!first.written || again.written) {
          throw new Error(
            'a second conditional write was not refused: two publishers would overwrite each other',
          );
        }
        return 'work';
      });
      const { server } = config;
      if (server !== undefined)
        await check(checks, 'server', async () => {
          const releases = await control()?.listReleases();
          return `${server.baseUrl} takes the API key, and has ${releases?.length ?? 0} releases here`;
        });
      await check(checks, 'index', async () => {
        const index = await readIndex(await reader(), config);
        const days = (index.expiresAtSeconds - Date.now() / 1000) / 86_400;
        // A server signs for a day, and anew by itself.
        if (days < (server === undefined ? 1 : 0))
          throw new Error(`expires in ${days.toFixed(1)} days: kivyx refresh`);
        return `${index.sequence}, valid for ${days.toFixed(1)} days`;
      });
      if (flags.baseUrl !== undefined) {
        if (!URL.canParse(flags.baseUrl) || !flags.baseUrl.endsWith('/'))
          throw usageError(`--base-url is an address that ends with a slash, not ${flags.baseUrl}`);
        const state = await (await reader()).read();
        if (state === undefined)
          throw usageError('Nothing is published yet, so there is nothing to ask the CDN for: kivyx publish');
        const newest = state.index.releases.at(-1);
        const found = await checkDelivery(flags.baseUrl, config.scope, {
          index: state.envelope,
          ...(newest === undefined ? {} : { launchSha256Hex: newest.launchSha256Hex }),
        });
        checks.push(...found.map(({ detail, name, ok }) => [name, ok, detail] as const));
      }
      output.result(
        checks.map(([name, ok, detail]) => ({ detail, name, ok })),
        checks.map(([name, ok, detail]) => `${ok ? 'ok  ' : 'BAD '} ${name}: ${detail}`),
      );
      if (checks.some(([, ok]) => !ok)) process.exitCode = EXIT.problems;
    });

  scoped(program.command('serve'))
    .description('Serve the bucket folder over HTTP with the headers of a CDN, for development.')
    .option('--port <port>', 'port; 0 takes a free one', '8787')
    .action(async (flags: CommonFlags & { port: string }) => {
      const { config, output } = await openSession(flags);
      if (config.storageFolder === undefined)
        throw usageError('Only a folder can be served; this storage is an adapter');
      const port = parseCount('--port', flags.port);
      if (port > 65_535) throw usageError(`--port is at most 65535, not ${flags.port}`);
      const { close, url } = await serveFolder({ directory: config.storageFolder, port });
      output.result({ url }, [`${url} serves ${config.storageFolder}; stop with Ctrl-C`]);
      await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await close();
    });
}

async function check(
  list: (readonly [string, boolean, string])[],
  name: string,
  work: () => Promise<string>,
): Promise<void> {
  await work().then(
    (detail) => list.push([name, true, detail]),
    (error: unknown) => list.push([name, false, error instanceof Error ? error.message : String(error)]),
  );
}

function inspectAny(content: Uint8Array, file: string): unknown {
  if (content[0] === 0x4b && content[1] === 0x56 && content[2] === 0x50)
    return { type: 'patch', ...readContainer(content).header };
  const bytecode = inspectBytecode(content);
  if (bytecode !== undefined) return { type: 'hermes-bytecode', ...bytecode };
  for (const reading of [safeParseBootRecord(content), safeParseIntentRecord(content)]) {
    if (reading.kind === 'record') return { type: 'lifecycle-record', ...reading.record };
  }
  // An object of the storage: it is what its name says.
  const hash = sha256Hex(content);
  if (basename(file) === hash) return { sha256Hex: hash, sizeBytes: content.length, type: 'object' };
  try {
    return inspectUnverified(content);
  } catch (error) {
    throw usageError(
      `${file} is no file of Kivyx: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
