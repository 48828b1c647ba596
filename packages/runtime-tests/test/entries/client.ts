import { clientCases } from '../../../client/test/suite/cases.ts';
import { reportCases } from '../../src/report-cases.ts';

void reportCases(clientCases);
