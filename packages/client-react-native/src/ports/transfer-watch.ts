import { clientError, type StopSignal, type TimerPort } from '@kivyx-ota/client';

/** The limits of one transfer. */
export interface TransferLimits {
  readonly url: string;
  readonly maxSizeBytes: number;
  readonly idleTimeoutMs: number;
  readonly signal?: StopSignal;
}

/** A transfer that is stopped when it breaks a limit. */
export interface TransferWatch {
  /** Bytes of this transfer so far. */
  received(sizeBytes: number): void;
  /** Awaits the transfer; the limit that was broken is the rejection, whatever the library makes of being stopped. */
  guard<T>(transfer: Promise<T>): Promise<T>;
}

/** How often the caller's signal is looked at: it is a flag, not an event. */
const LOOK_MS = 100;

/** Holds a library's transfer to the limits of a request; `stop` is the library's way to cancel. */
export function createTransferWatch(
  timer: TimerPort,
  { url, maxSizeBytes, idleTimeoutMs, signal }: TransferLimits,
  stop: () => void,
): TransferWatch {
  let lastMs = timer.monotonicMs();
  let lastSize = 0;
  let broken: Error | undefined;
  let isOver = false;
  let give: (error: Error) => void = () => undefined;
  const stopFor = (error: Error): void => {
    if (broken !== undefined || isOver) return;
    broken = error;
    give(error);
    stop();
  };
  const look = async (): Promise<void> => {
    for (;;) {
      if (isOver || broken !== undefined) return;
      if (signal?.aborted === true) stopFor(clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller'));
      else if (timer.monotonicMs() - lastMs >= idleTimeoutMs)
        stopFor(
          clientError('ERR_CLIENT_TIMEOUT', `Nothing from ${url} for ${idleTimeoutMs} ms`, {
            retryable: true,
          }),
        );
      else await timer.sleep(Math.min(LOOK_MS, idleTimeoutMs));
    }
  };
  return {
    guard: async (transfer) => {
      const stopped = new Promise<never>((_, reject) => {
        give = reject;
      });
      try {
        const looking = look();
        looking.catch(() => undefined);
        // A library may never settle what it was told to stop.
        const result = await Promise.race([transfer, stopped]);
        if (broken !== undefined) throw broken;
        return result;
      } catch (error) {
        transfer.catch(() => undefined);
        throw broken ?? error;
      } finally {
        isOver = true;
      }
    },
    received: (sizeBytes) => {
      if (sizeBytes > lastSize) {
        lastSize = sizeBytes;
        lastMs = timer.monotonicMs();
      }
      if (sizeBytes > maxSizeBytes)
        stopFor(clientError('ERR_CLIENT_TOO_LARGE', `${url} sends more than ${maxSizeBytes} bytes`));
    },
  };
}
