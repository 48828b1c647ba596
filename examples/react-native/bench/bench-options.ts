import { type Change, CHANGES } from './changes.ts';

/** The values of `--flag=a,b`; without the flag `quickly` with `--quick`, else `all`. */
export function listOption(
  flag: string,
  all: readonly string[],
  quickly: readonly string[],
): readonly string[] {
  const given = process.argv
    .find((word) => word.startsWith(`--${flag}=`))
    ?.slice(flag.length + 3)
    .split(',');
  const unknown = given?.find((one) => !all.includes(one));
  if (unknown !== undefined) throw new Error(`--${flag}: ${unknown} is none of ${all.join()}`);
  return given ?? (process.argv.includes('--quick') ? quickly : all);
}

/** The changes of `--change`. */
export function chosenChanges(quickly: readonly string[]): readonly Change[] {
  const names = listOption(
    'change',
    CHANGES.map(({ name }) => name),
    quickly,
  );
  return CHANGES.filter(({ name }) => names.includes(name));
}
