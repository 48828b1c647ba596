import type { GuardrailPolicy, Judgement } from '@kivyx-ota/guardrail';
import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';

/** A release that the guardrail has paused. */
export interface GuardrailPause {
  readonly scope: ChannelScope;
  readonly release: IndexRelease;
  readonly judgement: Judgement;
}

/** When releases are paused by themselves, and who hears of it. */
export interface GuardrailOptions {
  readonly policy?: GuardrailPolicy;
  /** A release is judged at most once in so many seconds, and process. Default 10. */
  readonly judgeEverySeconds?: number;
  /** Called once per pause, after it is in the index; a pager, a chat. A failure goes to `onError` and changes nothing. */
  readonly onPause?: (pause: GuardrailPause) => void | Promise<void>;
}
