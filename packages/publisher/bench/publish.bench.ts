// `pnpm bench publish`: what a release costs: a 4 MB bundle with 200 assets, published to an empty bucket, then again with one line changed, then
// not changed at all; in memory, and with the latency of an object store. Prints figures and asserts nothing.
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher, type Publisher, type PublishEvent, type ReleaseInput } from '@kivyx-ota/publisher';
import { compressForTransport } from '@kivyx-ota/publisher/node';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';

const BUNDLE_BYTES = 4_000_000;
const ASSETS = 200;
const LATENCY_MS = 20;

let seed = 7;
const random = (): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x80000000;
};

/** JavaScript as a bundler writes it: it compresses to about a third, as real bundles do. */
function bundle(): string {
  const words = Array.from({ length: 3000 }, () => Math.floor(random() * 36 ** 6).toString(36));
  const word = (): string => words[Math.floor(random() ** 2 * words.length)] as string;
  const parts: string[] = [];
  let size = 0;
  while (size < BUNDLE_BYTES) {
    const part = `__d(function(g,r,i,a,m,e,d){var ${word()}=r(d[${Math.floor(random() * 9)}]).${word()};function ${word()}(${word()},${word()}){return ${word()}.${word()}("${word()} ${word()}",${Math.floor(random() * 1e4)})}});\n`;
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const source = bundle();
const assets = Array.from({ length: ASSETS }, (_, i) => ({
  bytes: Uint8Array.from({ length: 2000 + ((i * 977) % 30_000) }, () => random() * 256),
  path: `assets/image-${i}.png`,
}));
const release = (version: string): ReleaseInput => ({
  allowPlainJs: true,
  assets,
  launch: { bytes: text(`${source}print(${JSON.stringify(version)});`), path: 'main.js' },
  runtimeVersion: '42',
  version,
});

interface Count {
  requests: number;
  puts: number;
  sentBytes: number;
  readBytes: number;
}

/** Counts what a store would bill, and waits as long as one makes you wait. */
function counted(storage: ObjectStorage, latencyMs: number): ObjectStorage & { readonly take: () => Count } {
  let count: Count = { puts: 0, readBytes: 0, requests: 0, sentBytes: 0 };
  const round = async (): Promise<void> => {
    count.requests++;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  };
  return {
    ...storage,
    delete: async (key) => {
      await round();
      return storage.delete(key);
    },
    get: async (key, options) => {
      await round();
      const found = await storage.get(key, options);
      count.readBytes += found?.body.length ?? 0;
      return found;
    },
    head: async (key) => {
      await round();
      return storage.head(key);
    },
    list: async (prefix, options) => {
      await round();
      return storage.list(prefix, options);
    },
    put: async (key, body, options) => {
      await round();
      count.puts++;
      count.sentBytes += body.length;
      return storage.put(key, body, options);
    },
    take: () => {
      const taken = count;
      count = { puts: 0, readBytes: 0, requests: 0, sentBytes: 0 };
      return taken;
    },
  };
}

const pair = generateKeyPair();
const signer = createLocalSigner(pair.privateKeyPem);
const rows: string[][] = [
  ['latency', 'publish', 'seconds', 'requests', 'puts', 'sent', 'read', 'files uploaded', 'patch'],
];
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
for (const latencyMs of [0, LATENCY_MS]) {
  const storage = counted(memoryStorage(), latencyMs);
  let uploaded = 0;
  const onEvent = (event: PublishEvent): void => {
    if (event.type === 'object' && event.uploaded) uploaded++;
  };
  const publisher: Publisher = createPublisher({
    clock: { nowMs: () => Date.now() },
    compress: compressForTransport,
    onEvent,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    scope: { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' },
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [pair.publicKeyPem] },
  });
  for (const [name, version] of [
    ['first', '1.0.0'],
    ['one line changed', '1.0.1'],
    ['the same again', '1.0.1'],
  ] as const) {
    uploaded = 0;
    const started = performance.now();
    const { release: published } = await publisher.publish(release(version));
    const seconds = (performance.now() - started) / 1000;
    const { puts, readBytes, requests, sentBytes } = storage.take();
    rows.push([
      `${latencyMs} ms`,
      name,
      seconds.toFixed(2),
      String(requests),
      String(puts),
      mega(sentBytes),
      mega(readBytes),
      String(uploaded),
      published.patches[0] === undefined ? '' : `${published.patches[0].sizeBytes} B`,
    ]);
  }
}
const totalBytes = assets.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(
  `Bundle ${mega(release('1.0.0').launch.bytes.length)}, ${ASSETS} assets of ${mega(totalBytes)} together\n`,
);
const widths = (rows[0] as string[]).map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
for (const row of rows) console.log(row.map((cell, i) => cell.padStart(widths[i] as number)).join('  '));
