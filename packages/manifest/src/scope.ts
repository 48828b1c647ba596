import { manifestError } from './error.ts';

/** The platforms a bundle can be for. */
export type Platform = 'android' | 'ios';

/** What a manifest is valid for. It names no channel, so that a release can be promoted as it is. */
export interface AppScope {
  /** The owner of the trust root. */
  readonly project: string;
  readonly app: string;
  readonly platform: Platform;
}

/** What a channel index is valid for. */
export interface ChannelScope extends AppScope {
  readonly channel: string;
}

/** `app/platform` or `app/platform/channel`: the `sub` claim of a document. */
export function scopeSubject(scope: AppScope | ChannelScope): string {
  const base = `${scope.app}/${scope.platform}`;
  return 'channel' in scope ? `${base}/${scope.channel}` : base;
}

/**
 * Compares the scope that a document states with the one that the reader is configured for.
 *
 * @throws ERR_DOCUMENT_SCOPE naming the first member that differs
 */
export function checkScope(stated: AppScope | ChannelScope, expected: AppScope | ChannelScope): void {
  for (const name of ['project', 'app', 'platform', 'channel'] as const) {
    const want = (expected as Partial<ChannelScope>)[name];
    const got = (stated as Partial<ChannelScope>)[name];
    if (want !== got) {
      throw manifestError(
        'ERR_DOCUMENT_SCOPE',
        `This document is for ${name} ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`,
        {
          expected: want,
          got,
          member: name,
        },
      );
    }
  }
}
