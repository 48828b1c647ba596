import type { ObjectStorage } from '@kivyx-ota/storage';

/** The same storage; `before` runs ahead of every call with its number, counted from 1. */
export function intercepted(
  storage: ObjectStorage,
  before: (call: number, verb: string) => Promise<void> | void,
): ObjectStorage & { readonly calls: () => number } {
  let calls = 0;
  const wrap =
    <A extends unknown[], R>(verb: string, work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await before(++calls, verb);
      return work(...args);
    };
  return {
    calls: () => calls,
    capabilities: storage.capabilities,
    delete: wrap('delete', storage.delete),
    get: wrap('get', storage.get),
    head: wrap('head', storage.head),
    list: wrap('list', storage.list),
    name: 'intercepted',
    put: wrap('put', storage.put),
  };
}

/** Thrown in place of a storage call that never happened. */
export class Killed extends Error {}

/** A storage whose `deadly`-th call, and every one after it, never happens. */
export const mortal = (storage: ObjectStorage, deadly: number): ReturnType<typeof intercepted> =>
  intercepted(storage, (call) => {
    if (call >= deadly) throw new Killed();
  });
