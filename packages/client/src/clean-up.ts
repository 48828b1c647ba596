import type { ClientContext } from './context.ts';
import { bundleFolder } from './installed.ts';
import type { IntentStore } from './intent-store.ts';

/**
 * Removes installed releases that neither runs, is confirmed, is the one before, nor is staged, and what unfinished downloads left.
 * To be called when nothing is being downloaded.
 */
export async function cleanUp(
  { ports: { boot, files } }: ClientContext,
  intents: IntentStore,
): Promise<void> {
  const snapshot = await boot.read();
  const { stage } = await intents.read();
  const keep = new Set([...snapshot.keep, snapshot.running, stage]);
  for (const name of await files.list('bundles')) if (!keep.has(name)) await files.remove(bundleFolder(name));
  for (const folder of ['tmp', 'objects'])
    for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
}
