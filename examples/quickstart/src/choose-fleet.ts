// Ten phones that stand for a crowd. A rollout of 10 % reaches one of ten only on average; so the phones are picked, by the real
// bucket function, one from each tenth of the first release's order, and two inside the first fifth of the crashing one's.
import { bucketOf } from '@kivyx-ota/rollout';

export function chooseFleet(size: number, rampSalt: string, crashSalt: string): readonly string[] {
  const crashShare = 2000;
  const wantedInCrash = Math.round((size * crashShare) / 10_000);
  const byTenth: (string | undefined)[] = Array.from({ length: size }, () => undefined);
  let inCrash = 0;
  for (let i = 1; byTenth.includes(undefined); i++) {
    const id = `phone-${i}`;
    const tenth = Math.floor((bucketOf(rampSalt, id) * size) / 10_000);
    if (byTenth[tenth] !== undefined) continue;
    const hit = bucketOf(crashSalt, id) < crashShare;
    const open = byTenth.filter((one) => one === undefined).length;
    // Take a phone only if the number of canaries of the crashing release can still come out right.
    if (hit ? inCrash >= wantedInCrash : open <= wantedInCrash - inCrash) continue;
    byTenth[tenth] = id;
    if (hit) inCrash++;
  }
  return byTenth as string[];
}
