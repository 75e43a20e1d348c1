import { censusIncome } from './census-income.ts';
import { kuairandPure } from './kuairand-pure.ts';
import type { SuiteRow } from './suite.ts';
import { synthetic } from './synthetic.ts';

/** All suites; the first is the one that `polytask bench` runs unasked. */
export const suites: readonly SuiteRow[] = [synthetic, censusIncome, kuairandPure];
