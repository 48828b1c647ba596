import { coseVerdicts } from '../../../cose/test/suite/verdicts.ts';
import { manifestVerdicts } from '../../../manifest/test/suite/verdicts.ts';
import { rolloutVerdicts } from '../../../rollout/test/suite/verdicts.ts';
import { reportCases } from '../../src/report-cases.ts';

void reportCases(
  [...coseVerdicts, ...manifestVerdicts, ...rolloutVerdicts].map(({ expected, title, verdict }) => ({
    run: () => {
      const got = verdict();
      if (got !== expected) throw new Error(`${got}, expected ${expected}`);
    },
    title,
  })),
);
