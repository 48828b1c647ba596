export { type DiskPortsOptions, diskPorts } from './simulation/disk-ports.ts';
export {
  createFaultyNetwork,
  type FaultyNetwork,
  type NetworkFault,
  type NetworkFile,
} from './simulation/faulty-network.ts';
export { createSimulatedTime, type SimulatedTime } from './simulation/simulated-time.ts';
