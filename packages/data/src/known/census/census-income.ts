import { anything, flag, listOf, optional, readOptions, text, type Options, recordOf } from '@polytask/components';
import { split, type Split } from '../../fitting/split.ts';
import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { readKnownFile, requireFile, type KnownFile } from '../fetching/known-file.ts';
import { encode } from '../../fitting/encode.ts';
import type { Table } from '../../table/table.ts';
import { binary, fail, suggestion, type BinaryTask } from '@polytask/core';
import type { Declaration } from '../../declarations/declaration.ts';
import { categorical, numeric, type FeatureDeclaration, type NumericDeclaration } from '../../declarations/kinds.ts';

/** The use of a column of the census files. A `label` is read by its task, and else a category; `ignored` columns are not read. */
type CensusRole = 'number' | 'amount' | 'category' | 'label' | 'ignored';

/**
 * The 42 columns of census-income.data and .test in order, by the names of the multi-task papers. Numbers and categories are
 * those of census-income.names: codes (industry, occupation, own business, veterans) and the year are categories. Amounts are
 * money, zero in most rows; features are their logarithm.
 */
export const CENSUS_COLUMNS = {
  age: 'number',
  class_worker: 'category',
  det_ind_code: 'category',
  det_occ_code: 'category',
  education: 'label',
  wage_per_hour: 'amount',
  hs_college: 'category',
  marital_stat: 'label',
  major_ind_code: 'category',
  major_occ_code: 'category',
  race: 'category',
  hisp_origin: 'category',
  sex: 'category',
  union_member: 'category',
  unemp_reason: 'category',
  full_or_part_emp: 'category',
  capital_gains: 'amount',
  capital_losses: 'amount',
  stock_dividends: 'amount',
  tax_filer_stat: 'category',
  region_prev_res: 'category',
  state_prev_res: 'category',
  det_hh_fam_stat: 'category',
  det_hh_summ: 'category',
  instance_weight: 'ignored',
  mig_chg_msa: 'category',
  mig_chg_reg: 'category',
  mig_move_reg: 'category',
  mig_same: 'category',
  mig_prev_sunbelt: 'category',
  num_emp: 'number',
  fam_under_18: 'category',
  country_father: 'category',
  country_mother: 'category',
  country_self: 'category',
  citizenship: 'category',
  own_or_self: 'category',
  vet_question: 'category',
  vet_benefits: 'category',
  weeks_worked: 'number',
  year: 'category',
  income_50k: 'label',
} as const satisfies Record<string, CensusRole>;

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

export interface CensusChoices<K extends CensusTask = CensusTask> {
  /** The tasks. The column of a task that is left out is a feature. Default: all three. */
  readonly tasks?: readonly K[];
  /**
   * The lowest degree that counts as yes. The papers say "at least college" and don't define it. The default, `bachelor`, is
   * 14.8% of the training rows; `associate` is 19.6%, `some-college` 33.6%.
   */
  readonly education?: keyof typeof DEGREES;
  /**
   * Features to leave out. `det_hh_fam_stat`, `det_hh_summ` and `tax_filer_stat` nearly tell the marital status. The papers keep
   * these three, and so does the default.
   */
  readonly drop?: readonly string[];
  /** Which repeated values of the numbers have vectors, as in {@link numeric}. Default false, as in the papers. */
  readonly values?: NumericDeclaration['values'];
}

/** The features and tasks of the census files. @throws PolytaskError for an unknown task, feature to drop, or level of education */
export function censusDeclaration<K extends CensusTask = CensusTask>({
  education = 'bachelor',
  tasks: names,
  drop = [],
  values = false,
}: CensusChoices<K> = {}): Declaration<Pick<CensusTasks, K>> {
  const all = {
    education: binary({ from: 'education', positive: degreesFrom(education) }),
    income: binary({ from: 'income_50k', positive: '50000+.' }),
    marital: binary({ from: 'marital_stat', positive: 'Never married' }),
  };
  const tasks = recordOf(names ?? (Object.keys(all) as K[]), (name): BinaryTask => {
    requireName(name, Object.keys(all), 'names of tasks of census-income');
    return all[name];
  }) as Pick<CensusTasks, K>;
  const labels = new Set(Object.values<BinaryTask>(tasks).map(({ from }) => from));
  const features = Object.fromEntries(
    Object.entries(CENSUS_COLUMNS).flatMap(([name, role]) => {
      const feature = labels.has(name) ? undefined : featureOf(role, values);
      return feature ? [[name, feature]] : [];
    }),
  );
  for (const name of drop) {
    requireName(name, Object.keys(features), 'names of features to drop');
    delete features[name];
  }
  return { features, tasks };
}

function requireName(name: string, known: readonly string[], expected: string): void {
  if (!known.includes(name)) fail({ expected, received: JSON.stringify(name), fix: suggestion(name, known) });
}

function featureOf(
  role: CensusRole,
  values: NonNullable<NumericDeclaration['values']>,
): FeatureDeclaration | undefined {
  if (role === 'number') return numeric({ values });
  if (role === 'amount') return numeric({ log: true, values });
  return role === 'ignored' ? undefined : categorical();
}

function degreesFrom(level: keyof typeof DEGREES): string[] {
  const levels = Object.keys(DEGREES) as (keyof typeof DEGREES)[];
  requireName(level, levels, `education to be one of ${levels.map((name) => `'${name}'`).join(', ')}`);
  return levels.slice(0, levels.indexOf(level) + 1).flatMap((name) => [...DEGREES[name]]);
}

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
