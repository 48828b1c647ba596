import type { PageFile } from './build-page.ts';

/** Whoever could run a script here could roll out: nothing from elsewhere, nothing inline, in nobody's frame. */
const HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page below `path` (with a slash at its end): `Request → Response`, as the control plane does, or undefined for what is not below it.
 * Nothing here needs a key: what the page shows, its reader's key opens.
 */
export function createDashboard(
  files: ReadonlyMap<string, PageFile>,
  path: string,
): (request: Request) => Response | undefined {
  return (request) => {
    const { pathname } = new URL(request.url);
    // Without the slash at its end the page would look for its files one level too high.
    if (pathname === path.slice(0, -1))
      return new Response(null, { headers: { location: path }, status: 308 });
    if (!pathname.startsWith(path)) return undefined;
    const file = files.get(pathname.slice(path.length) || 'index.html');
    if (file === undefined) return new Response('Not found\n', { headers: HEADERS, status: 404 });
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { headers: { ...HEADERS, allow: 'GET, HEAD' }, status: 405 });
    return new Response(request.method === 'GET' ? new Uint8Array(file.bytes) : null, {
      headers: { ...HEADERS, 'content-type': file.type },
    });
  };
}
