import { clientError } from './error.ts';

/** Where updates come from. */
export interface UrlPolicy {
  /** Allow `http://` to this very machine (development, tests). */
  readonly allowInsecureLoopback: boolean;
}

// Hermes has no URL. What is accepted is small enough to be written down: a scheme, a host, an optional port, a path.
const SHAPE =
  /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?(\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)$/;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/**
 * Checks the base under which objects live; gives it with one slash at the end.
 *
 * @throws ERR_CLIENT_URL for anything but https (or http to this machine where that is allowed), user names, queries
 */
export function checkBaseUrl(baseUrl: string, policy: UrlPolicy): string {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const match = SHAPE.exec(base);
  if (match === null || base.includes('/../') || base.includes('/./')) {
    throw clientError('ERR_CLIENT_URL', `${baseUrl} is no plain https:// address`, {
      details: { url: baseUrl },
    });
  }
  const [, scheme, host = ''] = match;
  if (scheme !== 'https' && !(policy.allowInsecureLoopback && LOOPBACK.test(host))) {
    throw clientError('ERR_CLIENT_URL', `${baseUrl} is not https`, { details: { url: baseUrl } });
  }
  return base;
}
