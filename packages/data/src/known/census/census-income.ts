import { anything, flag, listOf, optional, readOptions, text, type Options } from '@polytask/components';
import { split, type Split } from '../../fitting/split.ts';
import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { readKnownFile, requireFile, type KnownFile } from '../fetching/known-file.ts';
import { encode } from '../../fitting/encode.ts';
import type { Table } from '../../table/table.ts';
import {
  CENSUS_COLUMNS,
  censusDeclaration,
  type CensusChoices,
  type CensusTask,
  type CensusTasks,
} from './census-declaration.ts';

const CENSUS_FILES = {
  train: { name: 'census-income.data', sha256: '3676a81db7d3528f3f8b9f3c699d0f0aa28db45e6e994fa0b8ed38327539ee86' },
  test: { name: 'census-income.test', sha256: '98402b1ab879573d0a7f38a699a40258080e25e33d3401e7bf9c96d3fa0fab8c' },
} as const satisfies Record<string, KnownFile>;

const BY_HAND =
  'https://archive.ics.uci.edu/dataset/117/census+income+kdd ("Census-Income (KDD)") has a zip with both files.';

const UCI = 'https://archive.ics.uci.edu/static/public/117/census+income+kdd.zip';

/**
 * Downloads the census files (9 MB) into a directory, as .gz. The sha256 of its text tells each file, whatever its name and
 * archive. Files are written only when both are right. Needs Node.
 *
 * @param options `url`: an archive, or a directory (ending in `/`) that has the files as .gz, .br or plain. Default: the archive
 * at the UCI Machine Learning Repository
 * @throws PolytaskError for a failed download, and for files that are not the published ones; it says how to get them by hand
 * @example await fetchCensusIncome('data/census', { onProgress: ({ received }) => bar.update(received) });
 */
export const fetchCensusIncome = (directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> =>
  fetchFiles(directory, Object.values(CENSUS_FILES), { url: UCI, byHand: BY_HAND, ...options });

export interface ReadCensusOptions<K extends CensusTask = CensusTask> extends CensusChoices<K> {
  /** Checks that each file's text is the published one, byte for byte. Default true. */
  readonly verify?: boolean;
}

const READ_CENSUS_OPTIONS: Options<ReadCensusOptions> = {
  education: anything,
  tasks: optional(listOf(text)),
  drop: optional(listOf(text)),
  verify: optional(flag),
  values: anything,
};

/**
 * Reads the UCI Census-Income (KDD) files as raw tables of 199,523 and 99,762 rows. Use raw tables to split the training file
 * by several seeds. {@link censusIncome} gives encoded tables. Needs Node.
 *
 * @param directory with census-income.data and census-income.test, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing, is not the published one, or can't be read
 * @example
 * const raw = await readCensusIncome('data/census');
 * const { train, validation } = split(raw.train, { validation: 0.1, seed });
 * const test = encode(raw.test, train.schema);
 */
export async function readCensusIncome<K extends CensusTask = CensusTask>(
  directory: string,
  options: ReadCensusOptions<K> = {},
): Promise<{ train: Table<Pick<CensusTasks, K>>; test: Table<Pick<CensusTasks, K>> }> {
  readOptions(options, READ_CENSUS_OPTIONS, 'readCensusIncome');
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

export interface CensusOptions<K extends CensusTask = CensusTask> extends ReadCensusOptions<K> {
  /** The fraction of the training file for validation. Default 0: all its rows are for training. */
  readonly validation?: number;
  /** Of the validation rows. Default 0. */
  readonly seed?: number;
}

/**
 * Reads and encodes UCI Census-Income (KDD), the public benchmark of the AdaTT paper: 38 features and three tasks. The schema is
 * fitted on the training rows, without the validation rows. The test rows are all rows of census-income.test. Needs Node.
 *
 * `instance_weight` and the columns of the tasks (`education`, `marital_stat`, `income_50k`) are no features.
 *
 * @param directory with census-income.data and census-income.test, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing, is not the published one, or can't be read
 * @example const { train, validation, test } = await censusIncome('data/census', { validation: 0.1, seed: 7 });
 */
export async function censusIncome<K extends CensusTask = CensusTask>(
  directory: string,
  options: CensusOptions<K> = {},
): Promise<Split<Pick<CensusTasks, K>>> {
  readOptions(options, { ...READ_CENSUS_OPTIONS, validation: anything, seed: anything }, 'censusIncome');
  const { validation = 0, seed = 0, ...reading } = options;
  const raw = await readCensusIncome(directory, reading);
  const parts = split(raw.train, { validation, seed });
  return { ...parts, test: encode(raw.test, parts.train.schema) };
}
