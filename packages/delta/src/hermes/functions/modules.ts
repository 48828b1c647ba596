import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { codeSequence } from '../file/sequence.ts';
import type { HermesPlan } from '../plan.ts';
import { MAX_MODULES, type Modules } from './metro-modules.ts';

/** Lane of `codeSequence`. */
const MODULES = 2;

/** Codes which old module each new one is: new module id by old one, or -1. Ids shift when a module is added or goes. */
export function codeModules(
  coder: Coder,
  before: Modules,
  maxModules: number,
  sources: Int32Array,
  plan?: HermesPlan,
): Int32Array {
  plan?.modules(before, sources);
  const count = coder.near(CONTEXT.countChange, before.count, Math.min(maxModules, MAX_MODULES));
  const newIds = new Int32Array(before.count).fill(-1);
  codeSequence(coder, MODULES, count, before.count).forEach((source, id) => {
    if (source >= 0) newIds[source] = id;
  });
  return newIds;
}
