import { clientCases } from '../../../client/test/suite/all-cases.ts';
import { reportCases } from '../../src/report-cases.ts';

void reportCases(clientCases);
