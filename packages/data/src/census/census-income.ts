import { checkOptions, checks, type Options } from '@polytask/core';
import { split, type Split } from '../examples/split.ts';
import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { readKnownFile, requireFile, type KnownFile } from '../fetching/known-file.ts';
import { encode } from '../fitting/encode.ts';
import { anything, texts } from '../options/checks.ts';
import type { Table } from '../table/table.ts';
import { CENSUS_COLUMNS, censusDeclaration, type CensusChoices, type CensusTasks } from './census-declaration.ts';

const CENSUS_FILES = {
  train: { name: 'census-income.data', sha256: '3676a81db7d3528f3f8b9f3c699d0f0aa28db45e6e994fa0b8ed38327539ee86' },
  test: { name: 'census-income.test', sha256: '98402b1ab879573d0a7f38a699a40258080e25e33d3401e7bf9c96d3fa0fab8c' },
} as const satisfies Record<string, KnownFile>;

const BY_HAND =
  'https://archive.ics.uci.edu/dataset/117/census+income+kdd ("Census-Income (KDD)") has a zip with both files.';

const UCI = 'https://archive.ics.uci.edu/static/public/117/census+income+kdd.zip';

/**
 * Downloads the census files (9 MB) into a directory, as .gz. They are known by the sha256 of their text, whatever they
 * are called and packed in, and written only when both are right. Needs Node.
 *
 * @param options `url`: an archive, or a directory (ending in `/`) that has the files as .gz, .br or plain; by default the
 * archive at the UCI Machine Learning Repository
 * @throws PolytaskError where the network, the server or the files are not as they should be; says how to go on by hand
 * @example await fetchCensusIncome('data/census', { onProgress: ({ received }) => bar.update(received) });
 */
export const fetchCensusIncome = (directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> =>
  fetchFiles(directory, Object.values(CENSUS_FILES), { url: UCI, byHand: BY_HAND, ...options });

export interface ReadCensusOptions extends CensusChoices {
  /** Checks that the texts are the published ones, byte for byte. Default true. */
  readonly verify?: boolean;
}

const READ_CENSUS_OPTIONS: Options<ReadCensusOptions> = {
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
