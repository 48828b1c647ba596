/** What `kivyx` ends with. */
export const EXIT = {
  ok: 0,
  /** Refused: the message says why and what to do; nothing was changed. */
  refused: 1,
  /** The command line or the configuration makes no sense. */
  usage: 2,
  /** `verify` or `doctor` found something. */
  problems: 3,
} as const;
