/** What a script printed in an engine. */
export interface EngineRun {
  readonly lines: readonly string[];
  readonly failed: boolean;
}

/** Whether the script finds a global `Buffer`: libraries behave differently where it exists. */
export type BufferMode = 'with Buffer' | 'without Buffer';

/** First line of every run that chose a {@link BufferMode}: proof that the choice took effect. */
export const SAY_BUFFER: string = `print('# Buffer is ' + typeof Buffer);\n`;

/** What {@link reportCases} prints last. */
export const LAST_LINE: RegExp = /^\d+ of \d+ passed$/;
