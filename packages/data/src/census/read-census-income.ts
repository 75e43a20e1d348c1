import { checkOptions, checks, type Options } from '@polytask/core';
import { readKnownFile, requireFile } from '../fetching/read-known-file.ts';
import { anything, texts } from '../options/checks.ts';
import type { Table } from '../table/table.ts';
import { CENSUS_COLUMNS } from './census-columns.ts';
import { censusDeclaration, type CensusChoices, type CensusTasks } from './census-declaration.ts';
import { BY_HAND, CENSUS_FILES } from './census-file.ts';

export interface ReadCensusOptions extends CensusChoices {
  /** Checks that the texts are the published ones, byte for byte. Default true. */
  readonly verify?: boolean;
}

export const READ_CENSUS_OPTIONS: Options<ReadCensusOptions> = {
  education: anything,
  drop: checks.optional(texts),
  verify: checks.optional(checks.flag),
};

/**
 * Reads the UCI Census-Income (KDD) files, 199,523 and 99,762 rows, as raw tables: for those who split the training file
 * anew for each seed. {@link censusIncome} gives encoded ones.
 *
 * @param directory with census-income.data and census-income.test, each plain, .gz or .br
 * @throws PolytaskError where a file is not there, is not the published one, or can't be read
 * @example
 * const raw = await readCensusIncome('data/census');
 * const { train, validation } = split(raw.train, { validation: 0.1, seed });
 * const test = encode(raw.test, train.schema);
 */
export async function readCensusIncome(
  directory: string,
  options: ReadCensusOptions = {},
): Promise<{ train: Table<CensusTasks>; test: Table<CensusTasks> }> {
  checkOptions(options, READ_CENSUS_OPTIONS, 'readCensusIncome');
  const byHand = `Fetch it with fetchCensusIncome(${JSON.stringify(directory)}), or copy it there: ${BY_HAND}`;
  const paths = {
    train: requireFile(directory, CENSUS_FILES.train, byHand),
    test: requireFile(directory, CENSUS_FILES.test, byHand),
  };
  const { verify = true } = options;
  const read = {
    ...censusDeclaration(options),
    header: Object.keys(CENSUS_COLUMNS),
    missing: ['?'], // "NA" is a value of hisp_origin
  };
  return {
    train: await readKnownFile(paths.train, CENSUS_FILES.train, verify, read),
    test: await readKnownFile(paths.test, CENSUS_FILES.test, verify, read),
  };
}
