import { readCsv } from '../csv/read-csv.ts';
import { decompress, compressionOf } from '../csv/decompress.ts';
import { openSource } from '../csv/open-source.ts';
import { checkedBytes } from '../fetching/checked-bytes.ts';
import type { KnownFile } from '../fetching/known-file.ts';
import type { Table } from '../table/table.ts';
import { CENSUS_COLUMNS } from './census-columns.ts';
import { censusDeclaration, type CensusChoices, type CensusTasks } from './census-declaration.ts';
import { CENSUS_FILES, requireCensusFile } from './census-file.ts';

export interface ReadCensusOptions extends CensusChoices {
  /** Checks that the texts are the published ones, byte for byte. Default true. */
  readonly verify?: boolean;
}

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
  const paths = {
    train: requireCensusFile(directory, CENSUS_FILES.train),
    test: requireCensusFile(directory, CENSUS_FILES.test),
  };
  return {
    train: await readOne(paths.train, CENSUS_FILES.train, options),
    test: await readOne(paths.test, CENSUS_FILES.test, options),
  };
}

async function readOne(path: string, { sha256 }: KnownFile, options: ReadCensusOptions): Promise<Table<CensusTasks>> {
  const { bytes } = await openSource(path);
  const text = decompress(bytes, compressionOf(path) ?? 'none', path);
  return readCsv(options.verify === false ? text : checkedBytes(text, sha256, path), {
    ...censusDeclaration(options),
    header: Object.keys(CENSUS_COLUMNS),
    missing: ['?'], // "NA" is a value of hisp_origin
    name: path,
    compression: 'none',
  });
}
