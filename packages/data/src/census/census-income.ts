import { checkOptions } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import { split, type Split } from '../examples/split.ts';
import type { CensusTasks } from './census-declaration.ts';
import { anything } from '../options/checks.ts';
import { READ_CENSUS_OPTIONS, readCensusIncome, type ReadCensusOptions } from './read-census-income.ts';

export interface CensusOptions extends ReadCensusOptions {
  /** The fraction of the training file that is held out for validation. Default 0: all rows are for training. */
  readonly validation?: number;
  /** Which rows those are. Default 0. */
  readonly seed?: number;
}

/**
 * The paper's public benchmark, encoded: UCI Census-Income (KDD), 38 features and three tasks. The schema is fitted on the
 * training rows, without those held out for validation; the test rows are those of census-income.test.
 *
 * The columns that the labels come from (`education`, `marital_stat`, `income_50k`) and `instance_weight` are no features.
 *
 * @param directory with census-income.data and census-income.test, each plain, .gz or .br
 * @throws PolytaskError where a file is not there, is not the published one, or can't be read
 * @example const { train, validation, test } = await censusIncome('data/census', { validation: 0.1, seed: 7 });
 */
export async function censusIncome(directory: string, options: CensusOptions = {}): Promise<Split<CensusTasks>> {
  checkOptions(options, { ...READ_CENSUS_OPTIONS, validation: anything, seed: anything }, 'censusIncome');
  const { validation = 0, seed = 0, ...reading } = options;
  const raw = await readCensusIncome(directory, reading);
  const parts = split(raw.train, { validation, seed });
  return { ...parts, test: encode(raw.test, parts.train.schema) };
}
