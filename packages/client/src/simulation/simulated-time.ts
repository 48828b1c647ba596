import type { Clock } from '@kivyx-ota/core';
import type { TimerPort } from '../ports.ts';

/** Time that only goes by when it is told to, and a wall clock that may be set to anything. */
export interface SimulatedTime {
  readonly clock: Clock;
  readonly timer: TimerPort;
  /** Lets time go by, for both clocks, and whoever waits in the background get on. */
  pass(ms: number): Promise<void>;
  /** Sets the wall clock; the monotonic one knows nothing of it. */
  setWallClock(nowMs: number): void;
  /** A new process: nobody waits any more. */
  forgetSleepers(): void;
}

/** Turns of the event loop in which those who were woken do what they do. */
const TURNS = 50;

/** `nowMs`: what the wall clock shows at first. Waits of a call in progress are over at once, and take their time from both clocks. */
export function createSimulatedTime(nowMs: number): SimulatedTime {
  let wallMs = nowMs;
  let monotonicMs = 0;
  let sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const advance = (ms: number): void => {
    wallMs += ms;
    monotonicMs += ms;
  };
  return {
    clock: { nowMs: () => wallMs },
    forgetSleepers: () => {
      sleepers = [];
    },
    pass: async (ms) => {
      advance(ms);
      const due = sleepers.filter(({ untilMs }) => untilMs <= monotonicMs);
      sleepers = sleepers.filter(({ untilMs }) => untilMs > monotonicMs);
      for (const { wake } of due) wake();
      for (let i = 0; i < TURNS; i++) await Promise.resolve();
    },
    setWallClock: (next) => {
      wallMs = next;
    },
    timer: {
      monotonicMs: () => monotonicMs,
      sleep: async (ms, { unref = false } = {}) => {
        if (!unref) {
          advance(ms);
          return;
        }
        await new Promise<void>((wake) => {
          sleepers.push({ untilMs: monotonicMs + ms, wake });
        });
      },
    },
  };
}
