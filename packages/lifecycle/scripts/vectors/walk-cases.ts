import {
  acknowledgeIntent,
  EMPTY_INTENT,
  encodeIntentRecord,
  type IntentRecord,
  safeParseBootRecord,
  selectSlot,
  type SlotState,
  type BootRecord,
  stageIntent,
  withdrawIntent,
} from '@kivyx-ota/lifecycle';
import { createRandom } from '@kivyx-ota/lifecycle/simulation';
import { after, type BootCase, type BootSituation, bootIn, type Found } from './boot-case.ts';
import { BINARY } from './situations.ts';

/** Lives of devices, boot by boot: what the table does not think of. The same every time. */
export function walkCases(lives: number, bootsEach: number): readonly BootCase[] {
  const cases: BootCase[] = [];
  for (let seed = 1; seed <= lives; seed++) cases.push(...walk(seed, bootsEach));
  return cases;
}

function walk(seed: number, boots: number): readonly BootCase[] {
  const random = createRandom(seed);
  const bundles = Array.from({ length: 5 }, (_, i) => `${seed % 10}${i}`.repeat(32));
  const cases: BootCase[] = [];
  let intent: IntentRecord = EMPTY_INTENT;
  let intentSlots: [Found, Found] = ['absent', 'absent'];
  let versionCode = 1;
  let now: BootSituation = {
    binaryId: BINARY,
    boot: ['absent', 'absent'],
    embeddedVersionCode: 1,
    intact: bundles,
    intent: intentSlots,
    lockAcquired: true,
    names: [],
  };
  const writeIntent = (next: IntentRecord): void => {
    intent = next;
    intentSlots = [...intentSlots];
    intentSlots[next.sequence % 2] = encodeIntentRecord(next);
    now = { ...now, intent: intentSlots };
  };

  for (let i = 0; i < boots; i++) {
    const { record } = selectSlot([reading(now.boot[0]), reading(now.boot[1])]);
    const consumed = record?.requestId ?? 0;
    const event = random.below(12);
    if (event <= 4) {
      const isDirective = random.once(6);
      versionCode += random.below(3);
      writeIntent(
        stageIntent(intent, consumed, {
          binaryId: random.once(10) ? 'another' : now.binaryId,
          directive: isDirective,
          retryToken: random.below(3),
          stage: isDirective && random.once(2) ? 'embedded' : random.pick(bundles),
          versionCode: random.once(8) ? random.below(versionCode + 1) : versionCode,
        }),
      );
    } else if (event === 5) writeIntent(withdrawIntent(intent, consumed));
    else if (event === 6) now = { ...now, binaryId: `${BINARY}-${i}`, embeddedVersionCode: versionCode };
    else if (event === 7) now = { ...now, intact: bundles.filter(() => !random.once(3)) };
    else if (event === 8) now = { ...now, boot: tear(now.boot, random.below(2), random.below(400)) };
    cases.push({ ...now, name: `life ${seed}, boot ${i + 1}` });
    const { launch } = bootIn(now, false).decision;
    now = { ...after(now), intact: random.once(4) ? now.intact : bundles };
    if (launch.kind === 'embedded' || launch.launchId === undefined) continue;
    const end = random.pick(['ack', 'ack', 'crash', 'timeout', 'bg', 'nothing'] as const);
    if (end === 'ack') writeIntent(acknowledgeIntent(intent, launch.launchId));
    else if (end !== 'nothing') now = { ...now, names: [`${end}.${launch.launchId}`, 'tmp', 'bundles'] };
  }
  return cases;
}

function reading(found: Found): SlotState<BootRecord> {
  return typeof found === 'string' ? { kind: found } : safeParseBootRecord(found);
}

function tear(slots: BootSituation['boot'], slot: number, at: number): BootSituation['boot'] {
  return slots.map((found, i) =>
    i === slot && typeof found !== 'string' ? found.slice(0, at) : found,
  ) as unknown as BootSituation['boot'];
}
