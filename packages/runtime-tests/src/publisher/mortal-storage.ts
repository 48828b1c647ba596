import type { ObjectStorage } from '@kivyx-ota/storage';

/** What a publisher that was killed throws, so that tests can tell it from a failure. */
export const KILLED = 'the publisher was killed here';

/** A storage as a process sees it that is killed at its n-th call. */
export interface MortalStorage {
  readonly storage: ObjectStorage;
  /** Calls so far: `get x`, `put y` … */
  readonly calls: readonly string[];
}

/**
 * `before`: the n-th call and all after it never reach the storage. `after`: the n-th call happens, but its answer never arrives, and
 * nothing happens after it.
 */
export function mortalStorage(
  storage: ObjectStorage,
  deadly: number,
  moment: 'before' | 'after',
): MortalStorage {
  const calls: string[] = [];
  const guarded =
    <A extends [string, ...unknown[]], R>(name: string, work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls.push(`${name} ${args[0]}`);
      if (calls.length > deadly || (calls.length === deadly && moment === 'before')) throw new Error(KILLED);
      const dies = calls.length === deadly;
      const result = await work(...args);
      if (dies) throw new Error(KILLED);
      return result;
    };
  return {
    calls,
    storage: {
      capabilities: storage.capabilities,
      delete: guarded('delete', storage.delete),
      get: guarded('get', storage.get),
      head: guarded('head', storage.head),
      list: guarded('list', storage.list),
      name: storage.name,
      put: guarded('put', storage.put),
    },
  };
}
