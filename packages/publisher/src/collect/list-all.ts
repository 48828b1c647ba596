import type { ListPage, ObjectStorage } from '@kivyx-ota/storage';

/** Every object whose key starts with `prefix`, page by page. */
export async function listAll(storage: ObjectStorage, prefix: string): Promise<ListPage['objects']> {
  const all: ListPage['objects'][number][] = [];
  let cursor: string | undefined;
  do {
    const page: ListPage = await storage.list(prefix, cursor === undefined ? {} : { cursor });
    all.push(...page.objects);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}
