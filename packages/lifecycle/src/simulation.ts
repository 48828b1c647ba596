export { createFaultyDisk, type FaultyDisk, PowerCut } from './simulation/faulty-disk.ts';
export { createRandom, type Random } from './simulation/random.ts';
export {
  type Outcome,
  PLANTED_BUGS,
  type PlantedBug,
  type Schedule,
  simulate,
} from './simulation/simulate.ts';
