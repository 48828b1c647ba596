// How the demo looks: headings, a progress bar on a terminal, tables.
const COLOR = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
const paint = (code: number, text: string): string => (COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text: string): string => paint(1, text);
export const green = (text: string): string => paint(32, text);
export const red = (text: string): string => paint(31, text);
export const dim = (text: string): string => paint(2, text);

/** A numbered step of the story. */
export function createSteps(): (title: string) => void {
  let step = 0;
  return (title) => {
    step += 1;
    console.log(`\n${bold(`${step}. ${title}`)}`);
  };
}

export function say(text: string): void {
  console.log(`   ${text}`);
}

/** Draws over itself on a terminal; silent in a pipe. */
export function showProgress(label: string, share: number): void {
  if (!process.stdout.isTTY) return;
  const width = 24;
  const filled = Math.round(share * width);
  process.stdout.write(
    `\r   ${label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(Math.round(share * 100)).padStart(3)} %`,
  );
}

export function clearProgress(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

/** 1,234 B, 12.3 kB. */
export function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes.toLocaleString('en-US')} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = rows.map((row) => row.map(String));
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] ?? '').length)));
  const isNumeric = head.map((_title, i) =>
    cells.every((row) => /^[\d.,]+( (B|kB|%))?$|^–?$/.test(row[i] ?? '')),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isNumeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  console.log(`   ${bold(line(head))}`);
  console.log(`   ${dim(widths.map((width) => '─'.repeat(width)).join('  '))}`);
  for (const row of cells) console.log(`   ${line(row)}`);
}
