import { explainDecision } from '@kivyx-ota/rollout';
import type { CheckResult } from './check-for-update.ts';

/**
 * What a check decided, in words: the outcome, then one line per release. For developers' menus and support; an entry of its own,
 * because an app's users never read it.
 *
 * @example
 * ```ts
 * import type { Client } from '@kivyx-ota/client';
 * import { explainCheck } from '@kivyx-ota/client/explain';
 *
 * export const why = async (client: Client): Promise<string> =>
 *   explainCheck(await client.checkForUpdate()).join('\n');
 * ```
 */
export function explainCheck({ decision, index }: CheckResult): readonly string[] {
  return explainDecision(index, decision).lines;
}
