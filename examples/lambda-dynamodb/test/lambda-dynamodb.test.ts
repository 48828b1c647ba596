import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { parsePublicKey } from '@kivyx-ota/cose';
import { dynamodbTable } from '@kivyx-ota/database-dynamodb';
import { verifyChannelIndex } from '@kivyx-ota/manifest';
import { readPolicy, readTerraform } from '@kivyx-ota/runtime-tests/read-terraform';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { terraformCases } from '@kivyx-ota/runtime-tests/terraform-cases';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalCloud, SCOPE, startLocalCloud } from '../src/local-cloud.ts';
import { gatewayEvent } from '../src/local-gateway.ts';
import { readGuardrail, readSettings } from '../src/settings.ts';

const CHANNEL = { app: 'cafe', channel: 'production', platform: 'android' };
const home = join(import.meta.dirname, '..');
const disk = mkdtempSync(join(tmpdir(), 'kivyx-lambda-'));
const hasJava = spawnSync('java', ['-version']).status === 0;
if (!hasJava) {
  if (process.env['CI'] !== undefined) throw new Error('CI must have Java: DynamoDB Local runs on it');
  console.warn('Skipped: examples/lambda-dynamodb. DynamoDB Local needs Java, and there is none here');
}

let cloud: LocalCloud;
beforeAll(async () => {
  if (hasJava) cloud = (await startLocalCloud()) as LocalCloud;
}, 60_000);
afterAll(async () => {
  await cloud?.close();
  rmSync(disk, { force: true, recursive: true });
});

const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const post = (path: string, body: object, headers: Record<string, string> = {}, sourceIp?: string) =>
  cloud.call(
    gatewayEvent(
      'POST',
      `https://ota.example${path}`,
      { 'content-type': 'application/json', ...headers },
      bytes(body),
      sourceIp,
    ),
  );

describe.skipIf(!hasJava)('the function behind its gateway', () => {
  it('serves a release whose files are in S3, whose row is in DynamoDB, and whose index KMS has signed', async () => {
    await cloud.publish(sampleRelease('1.0.0'));
    await cloud.publish(sampleRelease('1.0.1'));
    const phone = samplePhone({
      baseUrl: cloud.url,
      directory: disk,
      embedded: '1.0.0',
      publicKeyPem: cloud.publicKeyPems,
      scope: SCOPE,
    });
    await phone.start();
    expect(await phone.update()).toMatchObject({ how: 'patch', updated: true });
    await phone.start();
    expect(await phone.update()).toMatchObject({ updated: false });
  });

  it('binary bodies go out as base64, with the strong ETag; a known one is 304', async () => {
    const path = '/channels/cafe/android/production/index.cose';
    const first = await cloud.call(gatewayEvent('GET', `https://ota.example${path}`));
    expect(first).toMatchObject({ isBase64Encoded: true, statusCode: 200 });
    const etag = first.headers?.['etag'] as string;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const second = await cloud.call(
      gatewayEvent('GET', `https://ota.example${path}`, { 'if-none-match': etag }),
    );
    expect([second.statusCode, second.body ?? '']).toEqual([304, '']);
  });

  it('telemetry counts by the gateway’s word about the peer, whatever a header says, and its rows carry a TTL', async () => {
    for (let i = 0; i < 30; i++) {
      const { statusCode } = await post(
        '/telemetry',
        { ...CHANNEL, device_id: `device-${i}`, event_type: 'crash', version_code: 2 },
        { 'x-forwarded-for': `198.51.${i}.1` },
        '203.0.113.9',
      );
      expect(statusCode).toBe(202);
    }
    const { Items = [] } = await cloud.documents.send(new ScanCommand({ TableName: cloud.tableName }));
    const events = Items.filter(({ sk }) => sk === 'event');
    expect(events).toHaveLength(30);
    for (const { ttl } of events) expect(ttl).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
    const total = Items.filter(
      ({ pk, sk }) => String(pk).startsWith('counts#') && String(sk).startsWith('total#'),
    );
    const sum = (mark: string): number =>
      total.reduce((count, item) => count + ((item[`mark:${mark}`] as number | undefined) ?? 0), 0);
    expect(sum('crash')).toBe(30);
    // One subnet has one voice.
    expect(sum('failed')).toBeLessThanOrEqual(20);
  });

  it('a release that crashes on many networks is paused, by whichever container looks, and the log says so', async () => {
    const { releaseId, versionCode } = await cloud.publish(sampleRelease('1.0.2'));
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const report = (i: number) =>
      gatewayEvent(
        'POST',
        'https://ota.example/telemetry',
        { 'content-type': 'application/json' },
        bytes({ ...CHANNEL, device_id: `crashing-${i}`, event_type: 'crash', version_code: versionCode }),
        `198.51.${i}.1`,
      );
    for (let i = 0; i < 30; i++) expect((await cloud.call(report(i))).statusCode).toBe(202);
    // A container judges a release once in ten seconds; the next one looks at once, and sees what all have counted.
    const second = await cloud.startContainer();
    expect((await second(report(30))).statusCode).toBe(202);
    const lines = said.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    said.mockRestore();
    expect(lines).toEqual([expect.objectContaining({ event: 'guardrail-pause', version: '1.0.2' })]);
    const list = await second(
      gatewayEvent('GET', `https://ota.example/releases?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const { releases } = JSON.parse(list.body ?? '') as {
      releases: { release: { releaseId: string; status: string } }[];
    };
    expect(releases.find(({ release }) => release.releaseId === releaseId)?.release.status).toBe('paused');
  });

  it('concurrent admin requests lose nothing, whichever container answers', async () => {
    const list = await cloud.call(
      gatewayEvent('GET', `https://ota.example/releases?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const { releases } = JSON.parse(list.body ?? '') as { releases: { release: { releaseId: string } }[] };
    const ids = releases.map(({ release }) => release.releaseId);
    const answers = await Promise.all(
      [10, 20, 30].flatMap((percent) =>
        ids.map((release_id) =>
          post('/rollout', { ...CHANNEL, percent, release_id }, { authorization: `Bearer ${cloud.apiKey}` }),
        ),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    const audit = await cloud.call(
      gatewayEvent('GET', `https://ota.example/audit?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const { entries = [] } = JSON.parse(audit.body ?? '{}') as { entries?: { action: string }[] };
    expect(entries.filter(({ action }) => action === 'rollout').length).toBeGreaterThanOrEqual(4);
  });

  it('`admin-key` makes a key that the function takes, and says what a scope is', async () => {
    const run = (...words: string[]) =>
      promisify(execFile)(
        process.execPath,
        ['--conditions=@kivyx-ota/source', '--import', 'tsx', 'src/admin-key.ts', '--', ...words],
        {
          cwd: home,
          env: {
            ...process.env,
            AWS_ACCESS_KEY_ID: 'local',
            AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamodbUrl,
            AWS_REGION: 'eu-central-1',
            AWS_SECRET_ACCESS_KEY: 'local',
            OTA_TABLE: cloud.tableName,
          },
        },
      );
    const { stdout } = await run('ops', 'rollout');
    const answer = await post(
      '/rollout',
      { ...CHANNEL, percent: 1, release_id: 'none' },
      { authorization: `Bearer ${stdout.trim()}` },
    );
    expect(answer.statusCode).toBe(404);
    await expect(run('ops', 'everything')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('some of read, rollout, publish, keys'),
    });
  }, 30_000);

  it('a container with the epoch of a new root signs every channel anew under it', async () => {
    const list = await cloud.call(
      gatewayEvent('GET', `https://ota.example/releases?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const [first] = (JSON.parse(list.body ?? '') as { releases: { release: { releaseId: string } }[] })
      .releases;
    const promoted = await post(
      `/releases/${first?.release.releaseId}/promote`,
      { ...CHANNEL, to_channel: 'restored' },
      { authorization: `Bearer ${cloud.apiKey}` },
    );
    expect(promoted.statusCode).toBe(200);
    const read = async (call: typeof cloud.call) => {
      const path = 'https://ota.example/v1/apps/cafe/android/restored/index';
      const envelope = Buffer.from((await call(gatewayEvent('GET', path))).body ?? '', 'base64');
      const keys = cloud.publicKeyPems.map((pem) => parsePublicKey(pem));
      const { document } = verifyChannelIndex(envelope, { keys, scope: { ...SCOPE, channel: 'restored' } });
      return [document.epoch, document.sequence];
    };
    expect(await read(cloud.call)).toEqual([0, 1]);
    expect(await read(await cloud.startContainer(2))).toEqual([2, 2]);
  });

  it('an error is a problem document, and a forged key is refused', async () => {
    const { statusCode, headers, body } = await post('/rollout', { ...CHANNEL, percent: 1, release_id: 'x' });
    expect([statusCode, headers?.['content-type']]).toEqual([401, 'application/problem+json']);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'ERR_SERVER_UNAUTHENTICATED' });
  });
});

describe('the bundle for Lambda', () => {
  it('is one file that loads, and says which variable is missing', async () => {
    await promisify(execFile)(process.execPath, [join(home, 'scripts/build.mjs')], { cwd: home });
    const run = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `await import(${JSON.stringify(join(home, 'dist/handler.mjs'))})`],
      { cwd: home, encoding: 'utf8', env: { PATH: process.env['PATH'] } },
    );
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('OTA_DEVICE_SECRET is not set');
  }, 60_000);

  it('settings name what they are for', () => {
    expect(() => readSettings({ OTA_DEVICE_SECRET: '00'.repeat(32) })).toThrow(
      /OTA_BUCKET is not set: the bucket/,
    );
  });
});

describe('GUARDRAIL_CRASH_PCT and GUARDRAIL_LOOKBACK_MIN', () => {
  it.each([
    [{}, { sequential: { crashRate: 0.05 }, threshold: false }],
    [{ GUARDRAIL_CRASH_PCT: '2.5' }, { sequential: { crashRate: 0.025 }, threshold: false }],
    [
      { GUARDRAIL_CRASH_PCT: '3', GUARDRAIL_LOOKBACK_MIN: '30' },
      { sequential: { crashRate: 0.03 }, threshold: { lookbackSeconds: 1800, rate: 0.03 } },
    ],
    [{ GUARDRAIL_CRASH_PCT: '0' }, undefined],
  ])('%o', (env, guardrail) => {
    expect(readGuardrail(env).guardrail).toEqual(guardrail);
  });
  it('what is no share is refused when the container starts', () => {
    expect(() => readGuardrail({ GUARDRAIL_CRASH_PCT: 'five' })).toThrow('GUARDRAIL_CRASH_PCT is five');
  });
});

describe('terraform, read by its own parser', () => {
  const terraform = readTerraform(join(home, 'terraform'));
  const statements = terraform.then((all) =>
    readPolicy(all.resource('aws_iam_role_policy', 'function')['policy']),
  );

  for (const { run, title } of terraformCases(join(home, 'terraform'))) it(title, run, 120_000);

  it.skipIf(!hasJava)('allows what the function has done here, and nothing else', async () => {
    const allowed = new Set((await statements).flatMap(({ Action }) => Action));
    // S3 asks for it to tell an absent object from a forbidden one; no call is named so. The runtime writes the logs.
    for (const unseen of ['s3:ListBucket', 'logs:CreateLogStream', 'logs:PutLogEvents'])
      expect(allowed.delete(unseen)).toBe(true);
    expect(Array.from(allowed).sort()).toEqual(Array.from(cloud.actions).sort());
    for (const { Effect, Resource } of await statements) {
      expect(Effect).toBe('Allow');
      expect(Resource).not.toContain('*');
    }
  });

  it('lets it sign digests with one key, and write the log of channels and its probe, not releases', async () => {
    const where = async (action: string) =>
      (await statements).filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
    const signing = (await statements).filter(({ Action }) => Action.includes('kms:Sign'));
    expect(signing).toEqual([
      expect.objectContaining({
        Condition: {
          StringEquals: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
        },
        Resource: ['${aws_kms_key.index.arn}'],
      }),
    ]);
    expect(await where('s3:PutObject')).toEqual([
      'arn:aws:s3:::${var.bucket}/channels/*',
      'arn:aws:s3:::${var.bucket}/kivyx-probe/*',
    ]);
    expect(await where('s3:DeleteObject')).toEqual(['arn:aws:s3:::${var.bucket}/kivyx-probe/*']);
  });

  it('makes the table that the database package describes, with TTL, and keeps it from being lost', async () => {
    const table = (await terraform).resource('aws_dynamodb_table', 'ota');
    const { create, timeToLive } = dynamodbTable('ota');
    expect(table['attribute']).toEqual(
      create.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
    );
    expect([table['hash_key'], table['range_key']]).toEqual(
      create.KeySchema?.map((key) => key.AttributeName),
    );
    expect(table['local_secondary_index']).toEqual(
      create.LocalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        name: IndexName,
        projection_type: Projection?.ProjectionType,
        range_key: KeySchema?.[1]?.AttributeName,
      })),
    );
    expect(table['ttl']).toEqual([
      { attribute_name: timeToLive.TimeToLiveSpecification?.AttributeName, enabled: true },
    ]);
    expect(table).toMatchObject({
      deletion_protection_enabled: true,
      point_in_time_recovery: [{ enabled: true }],
    });
  });

  it('sets every variable that the function reads, and has an alarm for each way to fail', async () => {
    const all = await terraform;
    const [environment] = all.resource('aws_lambda_function', 'ota')['environment'] as [
      { variables: Record<string, string> },
    ];
    const read = readFileSync(join(home, 'src/settings.ts'), 'utf8').matchAll(
      /'((?:OTA|GUARDRAIL)_[A-Z_]+)'/g,
    );
    const names = new Set([...read].map(([, name]) => name));
    expect(
      Object.keys(environment.variables)
        .filter((name) => name !== 'NODE_OPTIONS')
        .sort(),
    ).toEqual([...names].sort());
    expect(all.resources('aws_cloudwatch_metric_alarm')).toEqual(['function', 'paused', 'table']);
    for (const name of all.resources('aws_cloudwatch_metric_alarm'))
      expect(all.resource('aws_cloudwatch_metric_alarm', name)['alarm_actions']).toBe(
        '${var.alarm_topic_arns}',
      );
    expect(readFileSync(join(home, 'src/create-handler.ts'), 'utf8')).toContain(
      String(all.resource('aws_cloudwatch_log_metric_filter', 'paused')['pattern']).replaceAll('"', ''),
    );
  });
});

it.skipIf(!hasJava)(
  'one command runs it all',
  async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kivyx-ota/source', '--import', 'tsx', join(home, 'src/local.ts')],
      { cwd: home, env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    );
    expect(stdout).toMatch(/The phone took a patch: \d+ of \d+ bytes/);
    expect(stdout).toContain('It runs start("1.0.1");');
  },
  60_000,
);
