import { bytesToUtf8, utf8ToBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import type { RecordsPort } from '../ports.ts';

const MAGIC = 'OTAT1\n';

/** A value in two slots. */
export interface SealedSlots<T> {
  read(): Promise<T | undefined>;
  /** Writes the slot that does not hold the newest valid value: a torn write loses nothing. */
  write(value: T): Promise<void>;
}

/**
 * Two-slot storage of a JSON value: first line a magic, then JSON, then the SHA-256 of all before. The newest valid slot counts;
 * a torn, empty or foreign one is as if it were not there.
 */
export function sealedSlots<T extends object>(
  records: RecordsPort,
  name: string,
  isValid: (value: unknown) => boolean,
): SealedSlots<T> {
  const newest = async (): Promise<
    { readonly sequence: number; readonly slot: 0 | 1; readonly value: T } | undefined
  > => {
    const [a, b] = [open(await records.read(`${name}.0`)), open(await records.read(`${name}.1`))];
    if (a === undefined && b === undefined) return undefined;
    return b === undefined || (a !== undefined && a.sequence > b.sequence)
      ? { ...(a as Opened), slot: 0 }
      : { ...b, slot: 1 };
  };
  interface Opened {
    readonly sequence: number;
    readonly value: T;
  }
  const open = (bytes: Uint8Array | undefined): Opened | undefined => {
    if (bytes === undefined) return undefined;
    try {
      const text = bytesToUtf8(bytes);
      const seal = text.lastIndexOf('sha256=');
      const head = text.slice(0, seal);
      if (!text.startsWith(MAGIC) || text.slice(seal) !== `sha256=${sha256Hex(utf8ToBytes(head))}\n`)
        return undefined;
      const parsed = JSON.parse(head.slice(MAGIC.length)) as { sequence?: unknown; value?: unknown };
      if (!Number.isSafeInteger(parsed.sequence) || !isValid(parsed.value)) return undefined;
      return parsed as Opened;
    } catch {
      return undefined;
    }
  };
  return {
    read: async () => (await newest())?.value,
    write: async (value) => {
      const last = await newest();
      const head = `${MAGIC}${JSON.stringify({ sequence: (last?.sequence ?? 0) + 1, value })}\n`;
      await records.write(
        `${name}.${last?.slot === 0 ? 1 : 0}`,
        utf8ToBytes(`${head}sha256=${sha256Hex(utf8ToBytes(head))}\n`),
      );
    },
  };
}
