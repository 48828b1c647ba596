// Probation: who confirms what, and what happens when nobody does.
import { caseList, publishTwo, same, types } from './harness.ts';

const { add, cases } = caseList();

add('the embedded bundle needs no confirmation', async (world) => {
  const device = world.device();
  const client = device.start();
  const before = device.writes;
  const report = await client.ensureHealthyOrRollback();
  same([report.state, report.versionCode, report.rolledBack], ['embedded', 1, []], 'report');
  await client.markHealthy();
  same([device.writes - before, types(device.events, 'healthy').length], [0, 0], 'writes, events');
});

add('a launch on probation that is confirmed in time is healthy at the next start', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  const client = device.start();
  const report = await client.ensureHealthyOrRollback();
  same([report.state, report.versionCode], ['on-probation', 2], 'report');
  await world.time.pass(45_000);
  await client.markHealthy();
  await client.markHealthy();
  await world.time.pass(600_000);
  same([device.restarts, types(device.events, 'healthy').length], [0, 1], 'restarts, events');
  const next = await device.start().ensureHealthyOrRollback();
  same([next.state, next.releaseId === undefined], ['healthy', false], 'next start');
});

add('confirmAfterMs confirms by itself, counting only time in the foreground', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  const client = device.start();
  await client.ensureHealthyOrRollback({ confirmAfterMs: 45_000 });
  await world.time.pass(20_000);
  client.setForeground(false);
  await world.time.pass(3_600_000);
  same(types(device.events, 'healthy').length, 0, 'confirmed in a pocket');
  client.setForeground(true);
  for (let i = 0; i < 60; i++) await world.time.pass(1000);
  same(types(device.events, 'healthy').length, 1, 'confirmed');
});

add(
  'ten minutes in the foreground without a confirmation: marked, restarted, and after two of them left',
  async (world) => {
    await publishTwo(world);
    const device = world.device();
    await device.start().checkAndApply();
    for (let i = 1; i <= 2; i++) {
      const client = device.start();
      same((await client.ensureHealthyOrRollback()).state, 'on-probation', `start ${i}`);
      await world.time.pass(599_000);
      same(device.restarts, i - 1, 'restarted too early');
      await world.time.pass(2000);
      same(device.restarts, i, 'restarts');
    }
    const report = await device.start().ensureHealthyOrRollback();
    same(
      [report.state, report.rolledBack.map(({ cause }) => cause)],
      ['embedded', ['timed-out']],
      'after the second timeout',
    );
  },
);

add('a release that crashed is reported with its name and cause, once', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 2; i++) {
    device.start();
    device.boot.mark('crash');
  }
  await device.start().ensureHealthyOrRollback();
  const reports = types(device.events, 'rolled-back') as { cause?: string; releaseId?: string }[];
  same(
    [reports.length, reports[0]?.cause, reports[0]?.releaseId === undefined],
    [1, 'crashed', false],
    'event',
  );
  await device.start().ensureHealthyOrRollback();
  same(types(device.events, 'rolled-back').length, 1, 'told again at the next start');
});

export const healthCases = cases;
