import type { Differ, DiffStep } from './differ.ts';

/**
 * The steps of `differ` for what lies between the beginning and the end that both files have in common: memory and time follow the
 * change and not the file, where the change is in one place. What is new is not looked for in the common ends.
 */
export function diffBetweenEnds(differ: Differ, base: Uint8Array, target: Uint8Array): readonly DiffStep[] {
  const shorter = Math.min(base.length, target.length);
  let head = 0;
  while (head < shorter && base[head] === target[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base[base.length - 1 - tail] === target[target.length - 1 - tail]) tail++;

  const steps: DiffStep[] = [{ addLength: head, extraLength: 0, seek: 0 }];
  const between = [base, target].map((file) => file.subarray(head, file.length - tail)) as [
    Uint8Array,
    Uint8Array,
  ];
  steps.push(...differ(...between));
  const position = steps.reduce((sum, { addLength, seek }) => sum + addLength + seek, 0);
  steps.push({ addLength: 0, extraLength: 0, seek: base.length - tail - position });
  steps.push({ addLength: tail, extraLength: 0, seek: 0 });
  return joinSteps(steps);
}

/** Steps that only move, or only go on where the last one ended, become part of the one before. */
function joinSteps(steps: readonly DiffStep[]): readonly DiffStep[] {
  const joined: DiffStep[] = [];
  for (const step of steps) {
    const last = joined[joined.length - 1];
    const isEmpty = step.addLength + step.extraLength === 0;
    if (last !== undefined && isEmpty) {
      joined[joined.length - 1] = { ...last, seek: last.seek + step.seek };
    } else if (last !== undefined && last.extraLength === 0 && last.seek === 0) {
      joined[joined.length - 1] = { ...step, addLength: last.addLength + step.addLength };
    } else {
      joined.push(step);
    }
  }
  return joined;
}
