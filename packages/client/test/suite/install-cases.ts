// When a staged release begins to run.
import { caseList, publishTwo, same } from './harness.ts';
import { releaseInput } from './world.ts';

const { add, cases } = caseList();

add('by default nothing is restarted', async (world) => {
  await publishTwo(world);
  const device = world.device();
  const client = device.start();
  await client.checkAndApply();
  client.setForeground(false);
  client.setForeground(true);
  same(device.restarts, 0, 'restarts');
});

add('immediate: restarted as soon as it is staged', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply({ install: 'immediate' });
  same(device.restarts, 1, 'restarts');
});

add('nothing to install is nothing to restart for', async (world) => {
  await world.publisher.publish(releaseInput('1.0.0'));
  const device = world.device();
  const client = device.start();
  await client.checkAndApply({ install: 'immediate' });
  await client.restart({ onlyIfStaged: true });
  same(device.restarts, 0, 'restarts');
});

add('on-next-resume: only after the app was away long enough', async (world) => {
  await publishTwo(world);
  const device = world.device();
  const client = device.start();
  await client.checkAndApply({ install: 'on-next-resume', minimumBackgroundMs: 60_000 });
  client.setForeground(false);
  await world.time.pass(59_000);
  client.setForeground(true);
  same(device.restarts, 0, 'after 59 s');
  client.setForeground(false);
  await world.time.pass(61_000);
  client.setForeground(true);
  same(device.restarts, 1, 'after 61 s');
  client.setForeground(false);
  await world.time.pass(61_000);
  client.setForeground(true);
  same(device.restarts, 1, 'once is enough');
});

add('a mandatory release may be installed otherwise than the others', async (world) => {
  await world.publisher.publish(releaseInput('1.0.0'));
  await world.publisher.publish(releaseInput('1.0.1', { mandatory: true }));
  const device = world.device();
  const outcome = await device.start().checkAndApply({ installMandatory: 'immediate' });
  same([outcome.mandatory, device.restarts], [true, 1], 'mandatory');
});

add('no restart while a lock is held; the last one released lets it happen', async (world) => {
  await publishTwo(world);
  const device = world.device();
  const client = device.start();
  const [payment, form] = [client.lockRestart(), client.lockRestart()];
  await client.checkAndApply({ install: 'immediate' });
  payment();
  payment();
  same(device.restarts, 0, 'one lock is still held');
  form();
  same(device.restarts, 1, 'restarts');
});

export const installCases = cases;
