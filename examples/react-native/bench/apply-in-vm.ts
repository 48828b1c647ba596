// Applies a patch inside a bare JavaScript engine and says how long it took. BASE and PATCH are base64, put in front by the bench,
// which looks at the memory of the process from `ready` on, and at its CPU time at `started` and at `seconds`.
import { applyPatch } from '@kivyx-ota/delta/apply';

declare const print: (line: string) => void;
declare const gc: () => void;
declare const BASE: string;
declare const PATCH: string;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LOOK_MS = 200;

function decode(text: string): Uint8Array {
  const values: number[] = [];
  for (let i = 0; i < 64; i++) values[LETTERS.charCodeAt(i)] = i;
  const padding = text.charAt(text.length - 2) === '=' ? 2 : text.charAt(text.length - 1) === '=' ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) word = (word << 6) | (values[text.charCodeAt(i + k)] ?? 0);
    out[at++] = word >> 16;
    if (at < out.length) out[at++] = word >> 8;
    if (at < out.length) out[at++] = word;
  }
  return out;
}

function wait(): void {
  const started = Date.now();
  while (Date.now() - started < LOOK_MS) continue;
}

const base = decode(BASE);
const patch = decode(PATCH);
gc();
print('ready');
wait();
print('started');
const started = Date.now();
void applyPatch(base, patch, { checkHashes: false }).then(() => {
  print(`seconds ${(Date.now() - started) / 1000}`);
  wait();
});
