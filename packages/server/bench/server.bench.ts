// What a request costs the server's process, beside the update check of @hot-updater/server; and what overload does.
// The load comes from this process, on the other core where there is one. CPU time is the figure to compare: it does
// not depend on what else the machine does.
// Usage: pnpm bench server [--requests 5000] [--synchronous normal] [--stored 1000], all of it; --telemetry, these requests alone;
// --flood, overload alone; --soak 600, the long run alone
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isPinned,
  type Kind,
  load,
  type Measured,
  type Outcome,
  probe,
  startMeasured,
} from './load/measured.ts';

const word = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const option = (name: string): number | undefined => {
  const value = word(name);
  return value === undefined ? undefined : Number(value);
};
const requests = option('requests') ?? 5000;
/** Before each row. */
const WARM_UP_REQUESTS = 10_000;
/** What is compiled while a process is young is not what a request costs: before its first row, whichever that is. */
const FIRST_WARM_UP_REQUESTS = 20_000;
/** What a commit waits for; `full`, the disk, is what examples/express has. */
const synchronous = word('synchronous') ?? 'full';
const onlyTelemetry = process.argv.includes('--telemetry');
const directory = await mkdtemp(join(tmpdir(), 'kivyx-bench-server-'));
let files = 0;
const file = (): string => join(directory, `${files++}.sqlite`);

const INDEX = '/v1/apps/cafe/ios/production/index';
let count = 0;
/** The next of so many devices, in up to 65,536 networks; then the first again. */
const nextDevice = (devices: number): { id: string; address: string } => {
  const n = count++ % devices;
  return { address: `10.${(n >> 8) & 255}.${n & 255}.${n >> 16}`, id: `device-${n}` };
};
/** So many that each one is new: the first word of a device costs most. */
const ENDLESS = 5_000_000;
const index200: Kind = { path: INDEX };
const update: Kind = {
  next: () => {
    const { address, id } = nextDevice(ENDLESS);
    const path = `/update?app=cafe&platform=ios&channel=production&binary_version=1.0.0&runtime_version=1&current_version_code=0&device_id=${id}`;
    return { headers: { 'x-forwarded-for': address }, path };
  },
};
const telemetry = (release: number, types: readonly string[], devices: number = ENDLESS): Kind => ({
  next: () => {
    const { address, id } = nextDevice(devices);
    const events = types.map((type, i) => ({
      at_seconds: Math.floor(Date.now() / 1000),
      event_id: `event-${count}-${i}`,
      release_id: `release-${release}`,
      type,
    }));
    return {
      body: JSON.stringify({ app: 'cafe', channel: 'production', device_id: id, events, platform: 'ios' }),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      method: 'POST',
      path: '/telemetry',
    };
  },
});
/** So few that the warm-up makes each of them known: what is counted once per device has been. */
const KNOWN_DEVICES = 5000;
/** Six events of one device, which is what its queue sends after an update. */
const WAY = ['check', 'patch_hit', 'download', 'install', 'launch', 'healthy'];
const peerCheck: Kind = {
  next: () => ({
    path: `/api/app-version/ios/1.0.0/production/00000000-0000-0000-0000-000000000000/00000000-0000-0000-0000-000000000000/${1 + (count++ % 1000)}`,
  }),
};

const row = (
  what: string,
  { cpuMicrosecondsPerRequest: cpu, errors, perSecond, statuses }: Outcome,
): void => {
  const answers = Object.entries(statuses).map(([status, n]) => `${status}: ${n}`);
  if (errors > 0) answers.push(`errors: ${errors}`);
  console.log(`| ${what} | ${cpu.toFixed(0)} | ${perSecond.toFixed(0)} | ${answers.join(', ')} |`);
};
const measure = async (
  target: Measured,
  what: string,
  kind: Kind,
  amount: number = requests,
  warmUp: number = WARM_UP_REQUESTS,
): Promise<Outcome> => {
  await load(target, [kind], { amount: warmUp, connections: 16 });
  const outcome = await load(target, [kind], { amount, connections: 16 });
  row(what, outcome);
  return outcome;
};
const withTarget = async <T>(
  script: string,
  args: readonly (string | number)[],
  work: (target: Measured) => Promise<T>,
): Promise<T> => {
  const target = await startMeasured(script, args);
  try {
    return await work(target);
  } finally {
    target.stop();
  }
};
const etagOf = async ({ url }: Measured): Promise<string> =>
  (await fetch(url + INDEX)).headers.get('etag') as string;

console.log(
  `Node ${process.version}; ${isPinned ? 'the load comes from another core' : 'not pinned to cores: rates are too low'}; SQLite with synchronous = ${synchronous}\n`,
);
async function growUp(target: Measured, release: number): Promise<void> {
  await load(target, [telemetry(release, ['healthy'])], { amount: FIRST_WARM_UP_REQUESTS, connections: 16 });
}
async function measureCosts(): Promise<void> {
  console.log('| request | CPU µs | per second | answers |\n|---|---:|---:|---|');
  await withTarget('./nothing.ts', [], (target) =>
    measure(target, 'an empty answer, the HTTP server alone', index200),
  );
  const onlyStored = option('stored');
  for (const stored of onlyStored === undefined ? [10, 100, 1000, 10_000] : [onlyStored])
    await withTarget('./control-plane.ts', [stored, file(), synchronous], async (target) => {
      await growUp(target, stored);
      const title = (what: string): string => `${what}, ${stored.toLocaleString('en')} releases stored`;
      if (!onlyTelemetry) {
        await measure(target, title('index, 200'), index200);
        await measure(target, title('index, 304'), {
          headers: { 'if-none-match': await etagOf(target) },
          path: INDEX,
        });
        await measure(target, title('/update'), update);
      }
      await measure(
        target,
        title('/telemetry, one event of a known device'),
        telemetry(stored, ['healthy'], KNOWN_DEVICES),
      );
      await measure(target, title('/telemetry, one event of a new device'), telemetry(stored, ['healthy']));
      await measure(target, title('/telemetry, the way of an update'), telemetry(stored, WAY));
    });
  await withTarget('./control-plane.ts', [10, 'memory'], async (target) => {
    await growUp(target, 10);
    await measure(target, '/telemetry, one event of a new device, in memory', telemetry(10, ['healthy']));
    await measure(target, '/telemetry, the way of an update, in memory', telemetry(10, WAY));
  });
  if (onlyTelemetry) return;
  for (const bundles of [10, 1000])
    await withTarget('./peer.ts', [bundles, file()], (target) =>
      measure(
        target,
        `@hot-updater/server 0.36.3, update check, ${bundles.toLocaleString('en')} bundles`,
        peerCheck,
        requests / 20,
        requests / 20,
      ),
    );
}

/** Five times as much telemetry as can be stored, from 100 connections, while devices ask for their index. */
async function flood(): Promise<void> {
  const stored = 1000;
  await withTarget('./control-plane.ts', [stored, file(), synchronous], async (target) => {
    const kind = telemetry(stored, ['healthy']);
    await load(target, [kind], { amount: WARM_UP_REQUESTS, connections: 16 });
    const { perSecond } = await load(target, [kind], { connections: 16, seconds: 5 });
    const quiet = await probe(target.url + INDEX, 10);
    const quietLoop = (await target.usage()).loopDelayMs;
    const [outcome, flooded] = await Promise.all([
      load(target, [kind], { connections: 100, rate: 5 * perSecond, seconds: 12 }),
      probe(target.url + INDEX, 10),
    ]);
    const floodedLoop = outcome.loopDelayMs;
    const refused = (outcome.statuses['429'] ?? 0) + (outcome.statuses['503'] ?? 0);
    const ms = ({ max, p50, p99, requests: asked }: Awaited<ReturnType<typeof probe>>): string =>
      `${p50.toFixed(1)} / ${p99.toFixed(1)} / ${max.toFixed(1)} ms of ${asked} requests`;
    console.log(`
telemetry: ${perSecond.toFixed(0)} a second fit; offered ${(5 * perSecond).toFixed(0)}, came ${outcome.perSecond.toFixed(0)}
answers: ${JSON.stringify(outcome.statuses)}, ${outcome.errors} errors; ${outcome.withRetryAfter} of ${refused} refusals with Retry-After
index latency, median / 99 % / longest: ${ms(quiet)} before, ${ms(flooded)} during the flood
event loop, late by: ${JSON.stringify(quietLoop)} before, ${JSON.stringify(floodedLoop)}`);
  });
}

/** All of them are known after some minutes: what is remembered of each does not grow for ever. */
const SOAK_DEVICES = 20_000;

/** Half of what the mix allows, for long: no error, and memory that stays. */
async function soak(soakSeconds: number): Promise<void> {
  const stored = 1000;
  await withTarget('./control-plane.ts', [stored, file(), synchronous], async (target) => {
    const notModified: Kind = { headers: { 'if-none-match': await etagOf(target) }, path: INDEX };
    const mix = [
      notModified,
      notModified,
      index200,
      notModified,
      update,
      telemetry(stored, ['healthy'], SOAK_DEVICES),
    ];
    await load(target, mix, { connections: 12, seconds: 10 });
    const { perSecond } = await load(target, mix, { connections: 12, seconds: 10 });
    const rate = Math.floor(perSecond / 2);
    console.log(`
soak: ${soakSeconds} s at ${rate} requests a second, half of ${perSecond.toFixed(0)}; of six: four index (three of them 304), one /update, one /telemetry

| after | requests | CPU µs | answers | errors | heap | RSS |\n|---:|---:|---:|---|---:|---:|---:|`);
    const step = Math.min(60, soakSeconds);
    let requestsSoFar = 0;
    for (let done = 0; done < soakSeconds; done += step) {
      const outcome = await load(target, mix, { connections: 12, rate, seconds: step });
      const { heapBytes, rssBytes } = await target.usage(true);
      requestsSoFar += outcome.requests;
      console.log(
        `| ${done + step} s | ${requestsSoFar} | ${outcome.cpuMicrosecondsPerRequest.toFixed(0)} | ${JSON.stringify(outcome.statuses)} | ${outcome.errors} | ${(heapBytes / 1e6).toFixed(1)} MB | ${(rssBytes / 1e6).toFixed(0)} MB |`,
      );
    }
  });
}

try {
  const soakSeconds = option('soak');
  if (soakSeconds !== undefined) await soak(soakSeconds);
  else {
    if (!process.argv.includes('--flood')) await measureCosts();
    if (!onlyTelemetry) await flood();
  }
} finally {
  await rm(directory, { force: true, recursive: true });
}
