import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../.cache/figures');

/**
 * What was measured before with the same files and the same tool: a run of everything takes a while, and may be made in parts.
 * `tool` names the tool with its version, or with the hash of its sources.
 */
export async function measuredOnce<T>(
  pairHashHex: string,
  tool: string,
  measure: () => Promise<T>,
): Promise<T> {
  const key = createHash('sha256').update(`${process.version} ${pairHashHex} ${tool}`).digest('hex');
  const path = join(folder, `${key.slice(0, 24)}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T;
  const figures = await measure();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(figures));
  return figures;
}

/** Hash of all sources below some folders or files. */
export function hashSources(...paths: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(readFileSync(path));
  };
  paths.forEach(add);
  return hash.digest('hex').slice(0, 16);
}
