// `npm start`: one app, four versions, ten phones. Everything is real: Hermes bytecode, signatures, patches, HTTP, crashes.
import { isOtaError } from '@kivyx-ota/core';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { indexKey, indexLogKey, type IndexRelease, manifestKey, objectKey } from '@kivyx-ota/manifest';
import { createPublisher, type Publisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { compressForTransport, readReleaseFolder } from '@kivyx-ota/publisher/node';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { APP_VERSIONS, type AppVersion, buildApp, type BuiltApp } from './build-app.ts';
import { chooseFleet } from './choose-fleet.ts';
import { createDevice, type Device, type Fleet } from './device.ts';
import { findEngine } from './engine.ts';
import { clearProgress, createSteps, dim, green, red, say, showProgress, size, table } from './terminal.ts';

const WORK = join(import.meta.dirname, '..', 'work');
const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'corner-cafe' } as const;
const RUNTIME = 'cafe-runtime-1';
const FLEET_SIZE = 10;
const step = createSteps();
const here = (path: string): string => relative(process.cwd(), path) || '.';

/** What a phone has to tell at the end. */
interface Story {
  readonly device: Device;
  version: string;
  how: string;
  receivedBytes: number;
  fullBytes: number;
  rollbacks: number;
}

async function main(): Promise<void> {
  const startedMs = performance.now();
  await rm(WORK, { force: true, recursive: true });
  await mkdir(WORK, { recursive: true });

  step('Build four versions of a small React app');
  const engine = await findEngine();
  say(`Devices run: ${engine.name}`);
  const apps = new Map<AppVersion, BuiltApp>();
  for (const version of APP_VERSIONS) {
    const base = apps.get(APP_VERSIONS[APP_VERSIONS.indexOf(version) - 1] as AppVersion);
    const app = await buildApp(version, join(WORK, 'app'), engine, base);
    apps.set(version, app);
    say(`${version}  ${size((await readFile(app.launchPath)).length)}  ${here(app.launchPath)}`);
  }
  const embedded = apps.get('1.0.0') as BuiltApp;

  step('Make a key, open a folder as storage, serve it over HTTP');
  const keys = generateKeyPair();
  await mkdir(join(WORK, 'keys'));
  await writeFile(join(WORK, 'keys', 'release.pem'), keys.privateKeyPem, { mode: 0o600 });
  await writeFile(join(WORK, 'keys', 'release.pub.pem'), keys.publicKeyPem);
  const bucket = join(WORK, 'bucket');
  const storage = fsStorage({ directory: bucket });
  const server = await serveFolder({ directory: bucket });
  say(`Key ${keys.publicKey.kidHex} in ${here(join(WORK, 'keys'))}; ${server.url} serves ${here(bucket)}`);

  try {
    const signer = createLocalSigner(keys.privateKeyPem);
    const publisher = createPublisher({
      clock: { nowMs: () => Date.now() },
      compress: compressForTransport,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      scope: SCOPE,
      signers: { index: signer, release: signer },
      storage,
      trust: { keys: [keys.publicKeyPem] },
    });
    const inputs = new Map<AppVersion, ReleaseInput>();
    for (const [version, app] of apps) {
      const folder = await readReleaseFolder(app.directory, engine.launchFileName);
      inputs.set(version, {
        ...folder,
        allowPlainJs: engine.hbcVersion === undefined,
        runtimeVersion: RUNTIME,
        version,
      });
    }
    const ids = new Map<AppVersion, string>();
    for (const [version, input] of inputs) ids.set(version, (await publisher.plan(input)).releaseId);

    const fleet: Fleet = {
      baseUrl: server.url,
      embedded,
      engine,
      publicKeyPem: keys.publicKeyPem,
      runtimeVersion: RUNTIME,
      scope: SCOPE,
    };
    const phones = chooseFleet(FLEET_SIZE, ids.get('1.0.1') as string, ids.get('1.1.1') as string);
    const stories: Story[] = phones.map((id) => ({
      device: createDevice(id, join(WORK, 'devices', id), fleet),
      fullBytes: 0,
      how: 'came with the app',
      receivedBytes: 0,
      rollbacks: 0,
      version: '1.0.0',
    }));
    const releases = new Map<string, IndexRelease>();
    const versionOf = (running: string): string =>
      [...releases.values()].find(({ launchSha256Hex }) => launchSha256Hex === running)?.version ?? '1.0.0';
    const publish = async (version: AppVersion, rolloutBasisPoints: number): Promise<IndexRelease> => {
      const { release } = await publisher.publish({
        ...(inputs.get(version) as ReleaseInput),
        rolloutBasisPoints,
      });
      releases.set(release.releaseId, release);
      const full = (await readFile((apps.get(version) as BuiltApp).launchPath)).length;
      say(`${version} published to ${rolloutBasisPoints / 100} %: bundle ${size(full)}`);
      for (const patch of release.patches) {
        say(
          `  patch from ${versionOf(patch.baseSha256Hex)}: ${size(patch.sizeBytes)} (${((100 * patch.sizeBytes) / full).toFixed(2)} % of the bundle, format ${patch.format})`,
        );
      }
      return release;
    };
    /** Every phone looks for an update, and starts the app anew if it got one; a crash is followed by another start. */
    const everyPhone = async (): Promise<void> => {
      let updated = 0;
      for (const story of stories) {
        const outcome = await story.device.update((share) => showProgress(story.device.id.padEnd(10), share));
        clearProgress();
        if (!outcome.updated) continue;
        updated++;
        story.receivedBytes += outcome.receivedBytes ?? 0;
        story.fullBytes += outcome.fullBytes ?? 0;
        await restart(story, outcome.how ?? 'full');
      }
      const counts = new Map<string, number>();
      for (const { version } of stories) counts.set(version, (counts.get(version) ?? 0) + 1);
      say(
        `${updated} of ${stories.length} phones updated. Now: ${[...counts].map(([version, count]) => `${count} × ${version}`).join(', ')}`,
      );
    };
    const restart = async (story: Story, how: string): Promise<void> => {
      for (let attempt = 1; attempt <= 5; attempt++) {
        const { outcome, running } = await story.device.start();
        const version = versionOf(running);
        if (outcome.crash === undefined) {
          const back = version !== story.version && attempt > 1;
          if (attempt > 1) {
            story.rollbacks++;
            say(
              green(
                `${story.device.id}: back on ${version} by itself at start ${attempt}${back ? '' : ', where it was'}`,
              ),
            );
          } else {
            story.how = how === 'patch' ? 'patch' : 'full download';
          }
          story.version = version;
          return;
        }
        say(red(`${story.device.id}: ${version} crashed at start ${attempt}: ${outcome.crash}`));
      }
      throw new Error(`${story.device.id} did not recover`);
    };

    step('Ten phones with 1.0.0 inside; 1.0.1 fixes one line, 10 % → 50 % → 100 %');
    await publish('1.0.0', 10_000);
    for (const story of stories) await story.device.start();
    const fix = await publish('1.0.1', 1000);
    await everyPhone();
    for (const share of [5000, 10_000]) {
      await publisher.setRollout(fix.releaseId, share);
      say(`Rollout raised to ${share / 100} %: only the index changed`);
      await everyPhone();
    }

    step('1.1.0 brings favourites and an image, to everyone');
    await publish('1.1.0', 10_000);
    await everyPhone();
    const screen = (await (stories[0] as Story).device.start()).outcome.lines.filter(
      (line) => !line.startsWith('kivyx:'),
    );
    for (const line of screen) console.log(dim(`   │ ${line}`));

    step('1.1.1 throws at start; 20 % get it');
    const bad = await publish('1.1.1', 2000);
    await everyPhone();
    await publisher.revoke(bad.releaseId);
    say('1.1.1 revoked. Another round of checks:');
    await everyPhone();

    step('Somebody changes one byte on the server');
    await showRefusals(publisher, bucket, fleet);

    step('What is installed where');
    table(
      ['phone', 'version', 'how it came', 'downloaded', 'whole files', 'saved', 'rollbacks'],
      stories.map(({ device, version, how, receivedBytes, fullBytes, rollbacks }) => [
        device.id,
        version,
        how,
        size(receivedBytes),
        size(fullBytes),
        fullBytes === 0 ? '–' : `${(100 - (100 * receivedBytes) / fullBytes).toFixed(1)} %`,
        rollbacks,
      ]),
    );
    console.log('');
    const index = (await publisher.read())?.index;
    table(
      ['release', 'code', 'status', 'rollout', 'phones', 'rollbacks', 'patches'],
      (index?.releases ?? []).map(
        ({ version, versionCode, status, rolloutBasisPoints, patches, releaseId }) => [
          version,
          versionCode,
          status,
          `${rolloutBasisPoints / 100} %`,
          stories.filter((story) => story.version === version).length,
          releaseId === bad.releaseId ? stories.reduce((sum, story) => sum + story.rollbacks, 0) : 0,
          patches.map(({ sizeBytes }) => size(sizeBytes)).join(', ') || '–',
        ],
      ),
    );
    const report = await publisher.verify();
    console.log('');
    say(
      `Channel verified to its last byte: index ${report.sequence}, ${report.releases} releases, ${report.objects} files, ${report.patches} patches applied, ${report.problems.length} problems`,
    );
    assertStory(stories, report.problems.length);
    say(`Everything lies in ${here(WORK)}: bucket/ (the server), devices/ (the phones), keys/, app/`);
    say(green(`Done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`));

    if (process.argv.includes('--serve')) {
      say(`Serving ${server.url}${indexKey(SCOPE)} until Ctrl-C`);
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
    }
  } finally {
    await server.close();
  }
}

/** A new phone meets each damaged file; each is refused by name, and restored. */
async function showRefusals(publisher: Publisher, bucket: string, fleet: Fleet): Promise<void> {
  const state = await publisher.read();
  const release = state?.index.releases.find(({ version }) => version === '1.1.0');
  if (state === undefined || release === undefined) throw new Error('1.1.0 is not in the index');
  const { document } = await readManifest(publisher, bucket, release);
  const image = document.assets[0];
  const file = (key: string): string => join(bucket, ...key.split('/'));
  const phone = (): Device =>
    createDevice(
      `tampered-${randomBytes(3).toString('hex')}`,
      join(WORK, 'devices', `tampered-${randomBytes(3).toString('hex')}`),
      fleet,
      { usePatches: false },
    );
  const cases: readonly (readonly [string, string, (bytes: Buffer) => Buffer])[] = [
    ['an image of 1.1.0', file(objectKey(image?.sha256Hex ?? release.launchSha256Hex)), flip],
    ['the manifest of 1.1.0', file(manifestKey(release.manifest.sha256Hex)), flip],
    ['the channel index', file(indexKey(SCOPE)), flip],
  ];
  for (const [what, path, damage] of cases) {
    await copyFile(path, `${path}.kept`);
    await writeFile(path, damage(await readFile(path)));
    await expectRefusal(`One byte of ${what}`, phone());
    await copyFile(`${path}.kept`, path);
    await rm(`${path}.kept`);
  }
  // The server answers with an index it had before: properly signed, but older than what the phone has seen.
  const known = phone();
  await known.start();
  await known.update();
  const index = file(indexKey(SCOPE));
  await copyFile(index, `${index}.kept`);
  await copyFile(file(indexLogKey(SCOPE, { epoch: state.index.epoch, sequence: 2 })), index);
  await expectRefusal('An old index, replayed', known);
  await copyFile(`${index}.kept`, index);
  await rm(`${index}.kept`);
}

async function readManifest(
  _publisher: Publisher,
  bucket: string,
  release: IndexRelease,
): Promise<{ readonly document: { readonly assets: readonly { readonly sha256Hex: string }[] } }> {
  const { decodeCbor } = await import('@kivyx-ota/cose');
  const { parseManifest } = await import('@kivyx-ota/manifest');
  const envelope = await readFile(join(bucket, ...manifestKey(release.manifest.sha256Hex).split('/')));
  const [, , payload] = decodeCbor(new Uint8Array(envelope.subarray(1))) as [unknown, unknown, Uint8Array];
  return { document: parseManifest(payload) };
}

async function expectRefusal(what: string, device: Device): Promise<void> {
  await device.start();
  try {
    await device.update();
  } catch (error) {
    if (!isOtaError(error)) throw error;
    const { outcome } = await device.start();
    say(
      `${what}: ${green('refused')}, ${error.code}; the phone goes on with ${outcome.lines.find((line) => line.includes('version'))?.split('version ')[1]}`,
    );
    return;
  }
  throw new Error(`${what} was accepted`);
}

function flip(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  const middle = out.length >> 1;
  out[middle] = (out[middle] as number) ^ 1;
  return out;
}

/** The demo is a check too: it fails when the story does not end well. */
function assertStory(stories: readonly Story[], problems: number): void {
  const astray = stories.filter(({ version }) => version !== '1.1.0');
  if (astray.length > 0) throw new Error(`Not on 1.1.0: ${astray.map(({ device }) => device.id).join(', ')}`);
  if (!stories.some(({ rollbacks }) => rollbacks > 0)) throw new Error('The crashing release reached nobody');
  if (problems > 0) throw new Error(`The channel has ${problems} problems`);
}

main().catch((error: unknown) => {
  console.error(`\n${red('The demo failed.')}`);
  console.error(error);
  process.exitCode = 1;
});
