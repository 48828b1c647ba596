const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user has no right to it',
  EADDRINUSE: 'the address is taken: give another --port',
  EFBIG: 'there is no room for it',
  EISDIR: 'a file was expected, and this is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a folder was expected, and this is a file',
  EPERM: 'this user has no right to it',
  EROFS: 'the file system is read-only',
};

/** What the operating system refused, in words, with the path or address first; undefined for other errors. */
export function systemErrorMessage(error: unknown): string | undefined {
  const { address, code, path, port, syscall } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
  };
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  const words = WORDS[code];
  const where = path ?? (address === undefined ? undefined : `${address}:${port}`);
  return words === undefined || where === undefined
    ? undefined
    : `${where}: ${words} (${code} in ${syscall})`;
}
