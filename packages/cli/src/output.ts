import type { PublishEvent } from '@kivyx-ota/publisher';

/** Where a command speaks. */
export interface Output {
  readonly json: boolean;
  /** For people; silent with `--json`. */
  say(line: string): void;
  /** The result: `value` with `--json`, otherwise `lines`. */
  result(value: unknown, lines: readonly string[]): void;
  /** What a publisher does, as a progress line on a terminal, and nothing where nobody looks. */
  readonly progress: (event: PublishEvent) => void;
  done(): void;
}

/** Bytes for people. */
export function bytes(count: number): string {
  if (count < 10_000) return `${count.toLocaleString('en')} B`;
  return count < 10_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** A share in hundredths of a percent, for people. */
export function percent(basisPoints: number): string {
  return `${basisPoints / 100} %`;
}

/** Columns, the first to the left and all others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function createOutput(json: boolean): Output {
  const live = !json && process.stderr.isTTY === true && process.env.CI === undefined;
  const started = Date.now();
  let uploaded = 0;
  let filesDone = started;
  let watched = false;
  const show = (line: string): void => {
    if (live) process.stderr.write(`\r\u001B[K${line}`);
  };
  return {
    done: () => show(''),
    json,
    progress: (event) => {
      if (live && !watched) {
        watched = true;
        process.once('SIGINT', () => {
          process.stderr.write(
            '\nStopped. What was uploaded is found again by the same command; kivyx list shows what devices get.\n',
          );
          process.kill(process.pid, 'SIGINT');
        });
      }
      if (event.type === 'object') {
        if (event.uploaded) uploaded += event.sizeBytes;
        filesDone = Date.now();
        const left = timeLeft(filesDone - started, event.doneBytes, event.totalBytes);
        show(
          `${bar(event.doneBytes, event.totalBytes)} files ${event.done} of ${event.total}, ${bytes(uploaded)} uploaded${left}`,
        );
      } else if (event.type === 'patch') {
        show(
          `${bar(event.done, event.total)} patches ${event.done} of ${event.total}, ${
            event.sizeBytes === undefined
              ? 'the last was not worth it'
              : `${bytes(event.sizeBytes)} (${event.format ?? ''})`
          }${timeLeft(Date.now() - filesDone, event.done, event.total)}`,
        );
      } else if (event.type === 'race-lost') {
        show(`somebody else published first, trying again (${event.attempt})`);
      }
    },
    result: (value, lines) => {
      show('');
      if (json) process.stdout.write(`${JSON.stringify(value, replacer, 2)}\n`);
      else for (const line of lines) process.stdout.write(`${line}\n`);
    },
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
  };
}

/** Nothing as long as nobody can tell: a small file first would promise hours. */
function timeLeft(milliseconds: number, done: number, total: number): string {
  return done === 0 || done < total / 20
    ? ''
    : `, ${Math.ceil((milliseconds / 1000 / done) * (total - done))} s left`;
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 20 : Math.round((20 * done) / total);
  return `[${'='.repeat(filled)}${' '.repeat(20 - filled)}]`;
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
}
