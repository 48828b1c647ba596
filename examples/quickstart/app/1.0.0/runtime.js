// The event loop that React Native gives an app and the bare engine does not have.
const root = typeof globalThis === 'object' ? globalThis : Function('return this')();
const timers = [];
let clock = 0;
let lastId = 0;

root.setTimeout = (run, delay, ...args) => {
  lastId += 1;
  timers.push({ at: clock + (delay > 0 ? delay : 0), id: lastId, run: () => run(...args) });
  return lastId;
};
root.clearTimeout = (id) => {
  const at = timers.findIndex((timer) => timer.id === id);
  if (at >= 0) timers.splice(at, 1);
};
root.setImmediate = (run) => root.setTimeout(run, 0);
root.performance = { now: () => clock };
root.console = { error: (...parts) => print('console.error', ...parts), log: print, warn: print };
root.runtime = {
  /** Runs everything that was scheduled, in order of time; virtual time, so nothing waits. */
  drain: () => {
    for (let guard = 0; timers.length > 0 && guard < 10_000; guard++) {
      timers.sort((a, b) => a.at - b.at || a.id - b.id);
      const timer = timers.shift();
      clock = timer.at;
      timer.run();
    }
  },
};
