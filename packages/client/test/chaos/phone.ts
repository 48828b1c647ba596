// One life of a phone, as a process that can be killed: boot, confirm, look for an update, stage it, tidy up.
// Usage: phone <directory> <base URL> <public key hex>
import { createClient } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import { program, SCOPE } from '../suite/world.ts';

const [directory, baseUrl, keyHex] = process.argv.slice(2) as [string, string, string];
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

// The program is loaded; from here on time is the phone's.
say({ started: true });
const boot = createNodeBootHost({ binaryId: 'bin-1', directory, embeddedVersionCode: 1 });
const { running, reasons } = await boot.boot();
say({ reasons, running });

const embedded = { read: async () => program('1.0.0'), versionCode: 1 };
const client = createClient({
  allowInsecureLoopback: true,
  baseUrl,
  device: { binaryVersion: '1.0.0', deviceId: 'device-1', runtimeVersion: '1' },
  network: { attempts: 1 },
  patchDecoder: deltaDecoder,
  ports: nodePorts({ boot, directory, embedded }),
  scope: SCOPE,
  trust: { keys: [keyHex] },
});
try {
  await client.markHealthy();
  if (running !== 'embedded') say({ healthy: running });
  const { updated, versionCode } = await client.checkAndApply();
  say({ updated, versionCode });
  await client.cleanUp();
} catch (error) {
  // A disk that takes nothing, a server that is gone: the app lives on with what it has.
  say({ error: String(error) });
}
