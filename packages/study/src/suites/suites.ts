import { censusIncome } from './census-income.ts';
import { kuairandPure } from './kuairand-pure.ts';
import type { SuiteRow } from './suite-row.ts';
import { synthetic } from './synthetic.ts';

/** The suites that open data; others are declared on top of them (`declared-suites.ts`). */
export const suites: readonly SuiteRow[] = [synthetic, censusIncome, kuairandPure];
