import type { FilesPort, HttpHead, HttpPort } from '@kivyx-ota/client';
import type { DownloadsUnderTest } from '@kivyx-ota/conformance/client';

/** Downloads over HTTP and files: the reference that the kit of downloads is held to account with. */
export function portDownloads(http: HttpPort, files: FilesPort): DownloadsUnderTest {
  return {
    toFile: async ({ path, offset, maxSizeBytes, onProgress, ...request }) => {
      let size = 0;
      let isWanted = false;
      const { headers, status }: HttpHead = await http.get({
        ...request,
        maxSizeBytes,
        onChunk: async (chunk) => {
          if (!isWanted) return;
          size += chunk.length;
          if (size > maxSizeBytes) throw new Error('too much');
          await files.append(path, chunk);
          onProgress?.(size);
        },
        onHead: async (head) => {
          isWanted = head.status === 200 || head.status === 206;
          if (!isWanted) return;
          size = head.status === 206 ? offset : 0;
          const before = size === 0 ? undefined : await files.read(path);
          await files.write(path, before?.slice(0, size) ?? new Uint8Array(0));
        },
      });
      return { headers, status };
    },
  };
}
