import { emptyBootRecord, type BootRecord } from '../boot-record.ts';
import type { BootInput } from '../decide-boot.ts';
import type { IntentRecord } from '../intent-record.ts';
import { selectSlot, type SlotState } from '../slots.ts';
import type { WriteDiscipline } from './disk-records.ts';

/** A mistake that updaters have made, planted into the boot code or its host. */
export interface PlantedBug {
  /** What the boot code is shown instead of the truth. */
  readonly see?: (input: BootInput) => BootInput;
  /** How records are written. */
  readonly discipline?: WriteDiscipline;
  /** One slot that is overwritten, instead of two in turn. */
  readonly oneSlot?: true;
  /** The record is written once the app runs, if it gets that far. */
  readonly persistsAfterLaunch?: true;
  readonly launchesOnFullDisk?: true;
  readonly deletesMarkersAlthoughFull?: true;
  readonly checksNoHash?: true;
  readonly checksNoBinary?: true;
  /** What cannot be read is an exception. */
  readonly throwsAtTornRecord?: true;
  /** Space is made before the new release has proved itself. */
  readonly deletesPreviousFirst?: true;
}

/** Name of a planted bug. */
export type PlantedBugName =
  | 'any-confirmation-counts'
  | 'background-counted-as-crash'
  | 'crashed-bundles-are-retried'
  | 'delete-previous-first'
  | 'failed-bundles-may-return'
  | 'falls-back-to-embedded'
  | 'in-place-write'
  | 'launch-although-disk-full'
  | 'markers-deleted-although-write-failed'
  | 'no-binary-check'
  | 'no-fsync'
  | 'no-update-after-a-failure'
  | 'no-verify-at-boot'
  | 'persist-after-launch'
  | 'second-process-writes'
  | 'older-schema-is-overwritten'
  | 'locked-is-taken-for-empty'
  | 'torn-record-throws'
  | 'unknown-not-counted'
  | 'unlink-then-rename'
  | 'version-not-monotone';

/** The mistakes of docs/spec/lifecycle.md, and what it takes to see every invariant broken. Each must be noticed. */
export const PLANTED_BUGS: Readonly<Record<PlantedBugName, PlantedBug>> = {
  'any-confirmation-counts': { see: changeIntent(confirmOpenLaunch) },
  'background-counted-as-crash': {
    see: (input) => changeMarkers(input, (kind) => (kind === 'bg' ? 'crash' : kind)),
  },
  'crashed-bundles-are-retried': {
    see: changeBoot((record) => ({
      ...record,
      failed: record.failed.map((one) => ({ ...one, cause: 'unknown' as const })),
    })),
  },
  'delete-previous-first': { deletesPreviousFirst: true },
  'failed-bundles-may-return': { see: changeBoot((record) => ({ ...record, failed: [] })) },
  'falls-back-to-embedded': {
    see: changeBoot((record) => ({
      ...record,
      goodSha256Hex: '',
      goodVersionCode: 0,
      previousSha256Hex: '',
      previousVersionCode: 0,
    })),
  },
  'in-place-write': { discipline: 'in-place', oneSlot: true },
  'launch-although-disk-full': { launchesOnFullDisk: true },
  'markers-deleted-although-write-failed': { deletesMarkersAlthoughFull: true },
  'no-binary-check': { checksNoBinary: true },
  'no-fsync': { discipline: 'not-flushed' },
  'no-update-after-a-failure': {
    see: (input) =>
      (selectSlot(input.boot).record?.failed.length ?? 0) > 0
        ? changeIntent((record) => ({ ...record, requestId: 0 }))(input)
        : input,
  },
  'no-verify-at-boot': { checksNoHash: true },
  'persist-after-launch': { persistsAfterLaunch: true },
  'second-process-writes': { see: (input) => ({ ...input, lockAcquired: true }) },
  'older-schema-is-overwritten': {
    see: (input) => ({
      ...input,
      boot: input.boot.map((state) => (state.kind === 'newer' ? { kind: 'absent' } : state)) as never,
    }),
  },
  'locked-is-taken-for-empty': {
    see: (input) => {
      const unlock = <R>(state: SlotState<R>): SlotState<R> =>
        state.kind === 'locked' ? { kind: 'absent' } : state;
      return {
        ...input,
        boot: input.boot.map(unlock) as never,
        intent: input.intent.map(unlock) as never,
        markers: input.markers === 'locked' ? [] : input.markers,
      };
    },
  },
  'torn-record-throws': { throwsAtTornRecord: true },
  'unknown-not-counted': {
    see: (input) => ({
      ...input,
      markers:
        input.markers === 'locked'
          ? 'locked'
          : [...input.markers, { kind: 'bg', launchId: selectSlot(input.boot).record?.launchId ?? 0 }],
    }),
  },
  'unlink-then-rename': { discipline: 'unlink-then-rename', oneSlot: true },
  'version-not-monotone': { see: changeIntent((record) => ({ ...record, directive: true })) },
};

function changeBoot(change: (record: BootRecord) => BootRecord): (input: BootInput) => BootInput {
  return (input) => ({ ...input, boot: input.boot.map((state) => changed(state, change)) as never });
}

function changeIntent(
  change: (record: IntentRecord, input: BootInput) => IntentRecord,
): (input: BootInput) => BootInput {
  return (input) => ({
    ...input,
    intent: input.intent.map((state) => changed(state, (record) => change(record, input))) as never,
  });
}

function changed<R>(state: SlotState<R>, change: (record: R) => R): SlotState<R> {
  return state.kind === 'record' ? { kind: 'record', record: change(state.record) } : state;
}

function confirmOpenLaunch(record: IntentRecord, { boot }: BootInput): IntentRecord {
  const { launchId } = selectSlot(boot).record ?? emptyBootRecord('', 0);
  return record.acknowledgedLaunchId > 0 ? { ...record, acknowledgedLaunchId: launchId } : record;
}

function changeMarkers(
  input: BootInput,
  change: (kind: 'crash' | 'timeout' | 'bg') => 'crash' | 'timeout' | 'bg',
): BootInput {
  if (input.markers === 'locked') return input;
  return { ...input, markers: input.markers.map((marker) => ({ ...marker, kind: change(marker.kind) })) };
}
