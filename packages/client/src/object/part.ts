import { bytesToUtf8, utf8ToBytes } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { FilesPort, HttpHead } from '../ports.ts';

/** An object, as the signed documents name it. */
export interface ObjectName {
  readonly sha256Hex: string;
  readonly sizeBytes: number;
  /** Where it lies; by default among the objects, by its hash. */
  readonly key?: string;
  /** What a wrong one is refused as; default `object`. */
  readonly what?: 'patch';
}

/** An attempt that brought at least this much does not count as one: lines that break often still carry large files. */
const GOT_ON_BYTES = 32_768;

/** Where an object grows until it is whole. */
export function partPath(sha256Hex: string): string {
  return `tmp/${sha256Hex}.part`;
}

/** Beside the part: the entity tag its bytes belong to, for If-Range. */
function tagPath(sha256Hex: string): string {
  return `tmp/${sha256Hex}.etag`;
}

/** A download that may have begun in an earlier life. */
export interface Part {
  readonly path: string;
  /** Bytes that are there. */
  have: number;
  /** Asks for the rest, if there is a beginning. */
  headers(): Readonly<Record<string, string>>;
  /**
   * Decides what a 200 or 206 means for the bytes that are there.
   *
   * @throws ERR_CLIENT_HTTP_STATUS when it is another part than was asked for, ERR_CLIENT_NETWORK (retryable) when the object changed
   */
  takeHead(head: HttpHead): Promise<void>;
  /** Did enough come since this was last true? */
  gotOn(): boolean;
}

/** Takes up what is there of an object. */
export async function openPart(files: FilesPort, { sha256Hex: hash }: ObjectName): Promise<Part> {
  const path = partPath(hash);
  const have = (await files.sizeOf(path)) ?? 0;
  const noted = have === 0 ? undefined : await files.read(tagPath(hash));
  let tag = noted === undefined ? undefined : bytesToUtf8(noted);
  let best = have;
  const part: Part = {
    gotOn: () => {
      if (part.have - best < GOT_ON_BYTES) return false;
      best = part.have;
      return true;
    },
    have,
    headers: () =>
      part.have === 0
        ? {}
        : { range: `bytes=${part.have}-`, ...(tag === undefined ? {} : { 'if-range': tag }) },
    path,
    takeHead: async ({ status, headers }) => {
      const answered = headers['etag'];
      if (status === 206) {
        const start = /^bytes ([0-9]+)-/.exec(headers['content-range'] ?? '')?.[1];
        const isOther = tag !== undefined && answered !== undefined && answered !== tag;
        if (Number(start) === part.have && !isOther) return;
        // RFC 9110 §13.1.5 and §14.4 forbid both answers; two objects would be glued together.
        await files.remove(path);
        part.have = 0;
        tag = undefined;
        throw isOther
          ? clientError('ERR_CLIENT_NETWORK', `Object ${hash} changed while it was being fetched`, {
              retryable: true,
            })
          : clientError(
              'ERR_CLIENT_HTTP_STATUS',
              `The server sent another part of ${hash} than was asked for`,
              { details: { start } },
            );
      }
      // The whole thing, also to those who asked for the rest: the server knows no ranges, or the object changed.
      part.have = 0;
      // A weak tag says nothing about bytes, and one of a compressed answer nothing about the plain ones.
      tag =
        headers['content-encoding'] === undefined && answered?.startsWith('"') === true
          ? answered
          : undefined;
      if (tag === undefined) await files.remove(tagPath(hash));
      else await files.write(tagPath(hash), utf8ToBytes(tag));
    },
  };
  return part;
}

/** Forgets the part; the finished object, if it was moved away, stays. */
export async function removePart(files: FilesPort, sha256Hex: string): Promise<void> {
  await files.remove(partPath(sha256Hex));
  await files.remove(tagPath(sha256Hex));
}
