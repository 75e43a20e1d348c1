import {
  anything,
  flag,
  listOf,
  oneOf,
  optional,
  readOptions,
  recordOf,
  text,
  type Written,
  checkKnown,
} from '@polytask/components';
import { binary, type BinaryTask } from '@polytask/core';
import type { Declaration } from '../../declarations/declaration.ts';
import { categorical, numeric } from '../../declarations/kinds.ts';
import { whichValues } from '../../declarations/numeric.ts';
import { encode } from '../../fitting/encode.ts';
import { split, type Split } from '../../fitting/split.ts';
import type { Table } from '../../table/table.ts';
import { fetchFiles, knownReader, type FetchedFiles, type FetchOptions } from '../fetching/known-files.ts';

/** The columns of census-income.data and .test in order, by the names of the multi-task papers. */
export const CENSUS_COLUMNS = (
  'age class_worker det_ind_code det_occ_code education wage_per_hour hs_college marital_stat major_ind_code major_occ_code race ' +
  'hisp_origin sex union_member unemp_reason full_or_part_emp capital_gains capital_losses stock_dividends tax_filer_stat ' +
  'region_prev_res state_prev_res det_hh_fam_stat det_hh_summ instance_weight mig_chg_msa mig_chg_reg mig_move_reg mig_same ' +
  'mig_prev_sunbelt num_emp fam_under_18 country_father country_mother country_self citizenship own_or_self vet_question ' +
  'vet_benefits weeks_worked year income_50k'
).split(' ');

/** As in census-income.names; codes (industry, occupation, own business, veterans) and the year are categories. */
export const NUMBERS = ['age', 'num_emp', 'weeks_worked'];
/** Money, zero in most rows: features are the logarithm. */
export const AMOUNTS = ['wage_per_hour', 'capital_gains', 'capital_losses', 'stock_dividends'];
const IGNORED = 'instance_weight';

/** The values of `education` that each level adds, the highest degrees first. */
export const DEGREES = {
  bachelor: [
    'Bachelors degree(BA AB BS)',
    'Masters degree(MA MS MEng MEd MSW MBA)',
    'Prof school degree (MD DDS DVM LLB JD)',
    'Doctorate degree(PhD EdD)',
  ],
  associate: ['Associates degree-occup /vocational', 'Associates degree-academic program'],
  'some-college': ['Some college but no degree'],
} as const;

/** The three tasks of the AdaTT and PLE papers. */
export type CensusTasks = {
  /** A degree of the chosen level or more. */
  readonly education: BinaryTask;
  /** More than 50,000 dollars. */
  readonly income: BinaryTask;
  /** Never married. */
  readonly marital: BinaryTask;
};

export type CensusTask = keyof CensusTasks;

const TASKS: readonly CensusTask[] = ['education', 'income', 'marital'];
const LEVELS = Object.keys(DEGREES) as (keyof typeof DEGREES)[];

const options = {
  /** The tasks. The column of a task that is left out is a feature. Default: all three. */
  tasks: optional(listOf(oneOf(...TASKS)), TASKS),
  /**
   * The lowest degree that counts as yes. The papers say "at least college" and don't define it. The default, `bachelor`, is
   * 14.8% of the training rows; `associate` is 19.6%, `some-college` 33.6%.
   */
  education: optional(oneOf(...LEVELS), 'bachelor'),
  /**
   * Features to leave out. `det_hh_fam_stat`, `det_hh_summ` and `tax_filer_stat` nearly tell the marital status. The papers keep
   * these three, and so does the default.
   */
  drop: optional(listOf(text), []),
  /** Which repeated values of the numbers have vectors, as in {@link numeric}. Default false, as in the papers. */
  values: optional(whichValues, false),
  /** Checks that each file's text is the published one, byte for byte. */
  verify: optional(flag, true),
};

export interface ReadCensusOptions<K extends CensusTask = CensusTask> extends Omit<Written<typeof options>, 'tasks'> {
  /** The tasks. The column of a task that is left out is a feature. Default: all three. */
  readonly tasks?: readonly K[];
}

/** The features and tasks of the census files. @throws PolytaskError for an unknown task, feature to drop, or level of education */
export function censusDeclaration<K extends CensusTask = CensusTask>(
  given: ReadCensusOptions<K> = {},
): Declaration<Pick<CensusTasks, K>> {
  const { tasks: names, education, drop, values } = readOptions(given, options, 'readCensusIncome');
  const all = {
    education: binary({
      from: 'education',
      positive: LEVELS.slice(0, LEVELS.indexOf(education) + 1).flatMap((level) => DEGREES[level]),
    }),
    income: binary({ from: 'income_50k', positive: '50000+.' }),
    marital: binary({ from: 'marital_stat', positive: 'Never married' }),
  };
  const tasks = recordOf(names, (name): BinaryTask => all[name]);
  const others = [IGNORED, ...Object.values(tasks).map(({ from }) => from)];
  const inputs = CENSUS_COLUMNS.filter((name) => !others.includes(name));
  for (const name of drop) checkKnown(name, inputs, 'names of features to drop');
  const features = recordOf(
    inputs.filter((name) => !drop.includes(name)),
    (name) => {
      if (AMOUNTS.includes(name)) return numeric({ log: true, values });
      return NUMBERS.includes(name) ? numeric({ values }) : categorical();
    },
  );
  return { features, tasks: tasks as Pick<CensusTasks, K> };
}

const CENSUS_FILES = {
  train: { name: 'census-income.data', sha256: '3676a81db7d3528f3f8b9f3c699d0f0aa28db45e6e994fa0b8ed38327539ee86' },
  test: { name: 'census-income.test', sha256: '98402b1ab879573d0a7f38a699a40258080e25e33d3401e7bf9c96d3fa0fab8c' },
};

const BY_HAND =
  'https://archive.ics.uci.edu/dataset/117/census+income+kdd ("Census-Income (KDD)") has a zip with both files.';

const UCI = 'https://archive.ics.uci.edu/static/public/117/census+income+kdd.zip';

/**
 * Downloads the census files (9 MB) into a directory, as .gz. The sha256 of its text tells each file, whatever its name and
 * archive. Files are written only when both are right. Needs Node.
 *
 * @param options the default `url` is the archive at the UCI Machine Learning Repository
 * @throws PolytaskError for a failed download, and for files that are not the published ones; it says how to get them by hand
 * @example await fetchCensusIncome('data/census', { onProgress: ({ received }) => bar.update(received) });
 */
export const fetchCensusIncome = (directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> =>
  fetchFiles(directory, Object.values(CENSUS_FILES), { url: UCI, byHand: BY_HAND, ...options });

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
  given: ReadCensusOptions<K> = {},
): Promise<{ train: Table<Pick<CensusTasks, K>>; test: Table<Pick<CensusTasks, K>> }> {
  const { verify } = readOptions(given, options, 'readCensusIncome');
  const byHand = `Fetch it with fetchCensusIncome(${JSON.stringify(directory)}), or copy it there: ${BY_HAND}`;
  const read = knownReader(directory, byHand, verify);
  const declaration = { ...censusDeclaration(given), header: CENSUS_COLUMNS, missing: ['?'] }; // "NA" is a value of hisp_origin
  return { train: await read(CENSUS_FILES.train, declaration), test: await read(CENSUS_FILES.test, declaration) };
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
  given: CensusOptions<K> = {},
): Promise<Split<Pick<CensusTasks, K>>> {
  readOptions(given, { ...options, validation: anything, seed: anything }, 'censusIncome');
  const { validation = 0, seed = 0, ...reading } = given;
  const raw = await readCensusIncome(directory, reading);
  const parts = split(raw.train, { validation, seed });
  return { ...parts, test: encode(raw.test, parts.train.schema) };
}
