import type { LifecycleVectors } from './build-vectors.ts';

/** One vector a line, so that a change shows as the lines it changes. */
export function toJsonForm({ files, ...lists }: LifecycleVectors): string {
  const table = Object.entries(files).map(([name, text]) => `${ascii(name)}:${ascii(text)}`);
  const parts = Object.entries(lists).map(
    ([key, list]) => `"${key}":[\n${(list as readonly unknown[]).map(ascii).join(',\n')}\n]`,
  );
  return `{"files":{\n${table.join(',\n')}\n},\n${parts.join(',\n')}}\n`;
}

/** JSON in ASCII, whatever bytes a file holds. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007F-\uFFFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
