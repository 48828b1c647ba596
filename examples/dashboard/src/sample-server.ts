// Two days in the life of a channel, lived through in a second: a good release, and one that crashes and is paused by the guardrail.
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { memoryDatabase } from '@kivyx-ota/database';
import { announceRelease, createPublisher } from '@kivyx-ota/publisher';
import { sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { createApiKey, createOtaServer, type OtaHandler } from '@kivyx-ota/server';
import { memoryStorage } from '@kivyx-ota/storage';
import { randomBytes } from 'node:crypto';

const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
const CHANNEL = { app: SCOPE.app, channel: SCOPE.channel, platform: SCOPE.platform };
const HOUR_MS = 3_600_000;

/** A control plane with a past. */
export interface SampleServer {
  readonly handle: OtaHandler;
  /** With every scope of rolling out; and one that may only look. */
  readonly apiKey: string;
  readonly readKey: string;
}

export async function startSampleServer(): Promise<SampleServer> {
  let pastMs: number | undefined = Date.now() - 48 * HOUR_MS;
  const clock = { nowMs: () => pastMs ?? Date.now() };
  const keys = generateKeyPair();
  const signer = createLocalSigner(keys.privateKeyPem);
  const database = memoryDatabase();
  const storage = memoryStorage();
  const { handle } = createOtaServer({
    clock,
    database,
    // No secret: the same networks fall into the same groups every time, and the guardrail sees the same story.
    deviceSecret: new Uint8Array(32).fill(1),
    guardrail: {},
    project: SCOPE.project,
    releaseKeys: [keys.publicKeyPem],
    signer,
    storage,
  });
  const key = async (label: string, scopes: readonly ('read' | 'rollout' | 'publish')[]): Promise<string> =>
    (await createApiKey(database, { label, scopes }, { actor: 'local', nowMs: clock.nowMs() })).key;
  const apiKey = await key('ci', ['read', 'rollout', 'publish']);
  const readKey = await key('visitor', ['read']);

  const ask = async (path: string, body: object, address?: string): Promise<void> => {
    const request = new Request(`http://localhost/${path}`, {
      body: JSON.stringify({ ...CHANNEL, ...body }),
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      method: 'POST',
    });
    const response = await handle(request, address === undefined ? {} : { address });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const publish = async (version: string, rolloutBasisPoints: number): Promise<string> => {
    const publisher = createPublisher({
      clock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      scope: { ...SCOPE, channel: 'uploads' },
      signers: { index: signer, release: signer },
      storage,
      trust: { keys: [keys.publicKeyPem] },
    });
    const { release } = await publisher.publish({ ...sampleRelease(version), rolloutBasisPoints });
    await announceRelease(release, {
      apiKey,
      baseUrl: 'http://localhost/',
      fetch: (input, init) => handle(new Request(input, init)),
      scope: SCOPE,
    });
    return release.releaseId;
  };
  let nextDevice = 0;
  /** As many devices as take it in the next hour, one after another; every `crashEvery`th of them crashes. */
  const takeFor = async (
    releaseId: string,
    hours: number,
    perHour: number,
    crashEvery = 250,
  ): Promise<void> => {
    for (let i = 0; i < hours * perHour; i++) {
      pastMs = clock.nowMs() + HOUR_MS / perHour;
      const device = nextDevice++;
      const crashes = i % crashEvery === crashEvery - 1;
      const types = [
        'download',
        i % 25 === 0 ? 'patch_fallback' : 'patch_hit',
        'install',
        'launch',
        ...(crashes ? ['crash', 'rollback'] : ['healthy']),
      ];
      const events = types.map((type, step) => ({
        at_seconds: Math.floor(clock.nowMs() / 1000),
        event_id: `sample-${device}-${step}`,
        release_id: releaseId,
        type,
      }));
      await ask('telemetry', { device_id: `phone-${device}`, events }, `10.${device % 97}.${device % 89}.7`);
    }
  };

  await takeFor(await publish('1.0.0', 10_000), 12, 30);
  const good = await publish('1.1.0', 1000);
  await takeFor(good, 6, 10);
  await ask('rollout', { percent: 50, release_id: good });
  await takeFor(good, 12, 25);
  await ask('rollout', { percent: 100, release_id: good });
  await takeFor(good, 12, 40);
  await takeFor(await publish('1.2.0', 1000), 3, 30, 4);
  pastMs = undefined;
  return { apiKey, handle, readKey };
}
