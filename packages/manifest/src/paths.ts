import { manifestError } from './error.ts';
import { LIMITS } from './limits.ts';

/**
 * True for a path that means the same file on every system a release may be unpacked on: `[A-Za-z0-9._@+/-]`,
 * relative, no empty, `.` or `..` segment, ≤ 240 bytes, ≤ 16 segments, and no segment that ends in a dot
 * (Windows drops it).
 */
export function isReleasePath(path: string): boolean {
  if (path.length === 0 || path.length > LIMITS.pathSizeBytes || !/^[A-Za-z0-9._@+/-]+$/.test(path))
    return false;
  const segments = path.split('/');
  return (
    segments.length <= LIMITS.pathSegments &&
    segments.every((segment) => segment !== '' && !segment.endsWith('.'))
  );
}

/**
 * Refuses a set of paths that cannot live side by side: equal after case folding, or one a folder of another.
 *
 * @throws ERR_DOCUMENT_PATH
 */
export function checkPathsTogether(paths: readonly string[]): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const folded = path.toLowerCase();
    if (files.has(folded))
      throw manifestError('ERR_DOCUMENT_PATH', `Two files are called ${path}, capital letters aside`, {
        path,
      });
    files.add(folded);
    for (let at = folded.indexOf('/'); at >= 0; at = folded.indexOf('/', at + 1))
      folders.add(folded.slice(0, at));
  }
  for (const path of paths) {
    if (folders.has(path.toLowerCase())) {
      throw manifestError('ERR_DOCUMENT_PATH', `${path} is a file and a folder at once`, { path });
    }
  }
}
