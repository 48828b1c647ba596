export { diskRecords, type WriteDiscipline } from './simulation/disk-records.ts';
export {
  createFaultyDisk,
  type Death,
  DiskFull,
  type FaultyDisk,
  PowerCut,
} from './simulation/faulty-disk.ts';
export {
  type BeforeBoot,
  type BootCircumstances,
  createPhoneWatch,
  type PhoneWatch,
  type SimulatedBundle,
  Violation,
} from './simulation/phone-watch.ts';
export { PLANTED_BUGS, type PlantedBug, type PlantedBugName } from './simulation/planted-bugs.ts';
export { exhaust, type ExhaustiveReport } from './simulation/exhaust.ts';
export { createRandom, type Random } from './simulation/random.ts';
export { type Outcome, type Schedule, simulate } from './simulation/simulate.ts';
