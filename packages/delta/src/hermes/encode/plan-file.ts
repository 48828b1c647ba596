import { FOOTER_SIZE, HEADER_WORDS_AT, type HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { AnsweringCoder } from './answering-coder.ts';

type FilePlan = Pick<HermesPlan, 'corrections' | 'header'>;

/** What is said at the end: hashes, and all that came out wrong. */
export function planFile({ section, tell }: AnsweringCoder, old: HermesFile, target: HermesFile): FilePlan {
  const { bytes, header, layout } = target;
  return {
    corrections: (made) => {
      section('corrections');
      const wrong: number[] = [];
      for (let i = 0; i < bytes.length - FOOTER_SIZE; i++) if (made[i] !== bytes[i]) wrong.push(i);
      tell(wrong.length);
      wrong.forEach((at, i) => tell(at - (wrong[i - 1] ?? 0), bytes[at]));
    },
    header: (foreseen) => {
      section('header');
      const same =
        target.options === old.options && layout.header.every((word) => header[word] === foreseen[word]);
      tell(same ? 1 : 0);
      if (!same) tell(...layout.header.map((word) => header[word]), target.options);
      section('hashes');
      const source = bytes.subarray(12, HEADER_WORDS_AT);
      const sameSource = source.every((byte, i) => byte === old.bytes[12 + i]);
      tell(sameSource ? 1 : 0);
      if (!sameSource) tell(...source);
      tell(...bytes.subarray(bytes.length - FOOTER_SIZE));
    },
  };
}
