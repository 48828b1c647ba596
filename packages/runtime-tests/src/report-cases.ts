/** A case of any of our suites. */
export interface PlainCase {
  readonly title: string;
  run(): Promise<void> | void;
}

declare const print: (text: string) => void;

/** Runs cases one after the other inside an engine and prints one line each, then the sum. */
export async function reportCases(cases: readonly PlainCase[]): Promise<void> {
  let failed = 0;
  for (const { title, run } of cases) {
    try {
      await run();
      print(`ok ${title}`);
    } catch (error) {
      failed++;
      print(
        `not ok ${title}: ${error instanceof Error ? `${error.message} ${error.stack ?? ''}` : String(error)}`,
      );
    }
  }
  print(`${cases.length - failed} of ${cases.length} passed`);
}
