import type { ApiScope } from '@kivyx-ota/database';
import type { ChannelScope } from '@kivyx-ota/manifest';
import { serverError } from '../http/error.ts';
import type { OtaServerOptions, Principal, RateLimit, RequestContext } from '../options.ts';

/** Who may not do what they ask is refused; nobody in particular asks for what needs no scope. */
export type Authorise = (
  scope: ApiScope | undefined,
  request: Request,
  context: RequestContext,
) => Promise<Principal>;

const NOBODY: Principal = { id: 'nobody', scopes: [] };

/** @throws ERR_SERVER_UNAUTHENTICATED, ERR_SERVER_FORBIDDEN, ERR_SERVER_RATE_LIMITED */
export function createAuthorise(
  authenticate: NonNullable<OtaServerOptions['authenticate']>,
  rateLimit: RateLimit,
): Authorise {
  return async (scope, request, { address }) => {
    if (scope === undefined) return NOBODY;
    const principal = await authenticate(request);
    if (principal === undefined)
      throw serverError('ERR_SERVER_UNAUTHENTICATED', 'An API key is needed, that exists and is not revoked');
    if (!principal.scopes.includes(scope))
      throw serverError('ERR_SERVER_FORBIDDEN', `This key lacks the scope ${scope}`);
    const waitSeconds = await rateLimit({
      route: 'admin',
      subject: principal.id,
      ...(address === undefined ? {} : { address }),
    });
    if (waitSeconds !== undefined)
      throw serverError('ERR_SERVER_RATE_LIMITED', 'Too many requests with this key', {
        details: { retryAfterSeconds: waitSeconds },
      });
    return principal;
  };
}

/** The channel that a request is about. @throws ERR_SERVER_FORBIDDEN when the key is not for its app */
export function openScope(
  { apps }: Principal,
  project: string,
  { app, channel, platform }: Omit<ChannelScope, 'project'>,
): ChannelScope {
  if (apps !== undefined && !apps.includes(app))
    throw serverError('ERR_SERVER_FORBIDDEN', 'This key is not for this app');
  return { app, channel, platform, project };
}
