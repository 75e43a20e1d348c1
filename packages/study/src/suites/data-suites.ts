import { listOf, mapValues, oneOf, optional, type Written } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import {
  encode,
  type EncodedTable,
  fitSchema,
  groupsOf,
  inspect,
  type Parts,
  readCensusIncome,
  readKuairandPure,
  shuffle,
  split,
  splitRows,
  type Table,
  tablesContent,
  whichValues,
} from '@polytask/data';
import { encodedParts } from './data-settings.ts';
import type { SuiteData, SuiteDefaults, SuiteEntry } from './suite-entry.ts';

// The suites on public data sets. Both read a directory of files (`--data`).

/** Which rows of census-income are validation rows: a tenth of its training file. */
const VALIDATION = 0.1;
/** The seed that takes rows, which are the same in every run. It also splits the rows whose warnings a run shows. */
export const LIMIT_SEED = 1;

const defaultsOf = (experts: number): SuiteDefaults => ({
  seeds: [1, 2, 3],
  epochs: 8,
  batchSize: 1024,
  learningRate: 1e-3,
  patience: 2,
  size: { levels: [128, 64], experts, tower: [32], embedding: 8 },
});

const censusSettings = {
  /** The tasks. The column of a task that is left out is a feature. Default: all three. */
  tasks: optional(listOf(oneOf('education', 'income', 'marital'), 1)),
  /** The validation rows: a tenth of the training file, the default, or a half of the test file. The other half are the test rows then. */
  validationFrom: optional(oneOf('train', 'test')),
  /** Which repeated values of the numbers have vectors, as for `numeric`. Default false, as in the papers. */
  values: optional(whichValues),
};

/** Education, income and marital status of the UCI census-income (KDD) data set, with its own test file. */
export const censusIncome: SuiteEntry = {
  name: 'census-income',
  description:
    "UCI census-income (KDD): bachelor's degree, income above 50K, never married; 199,523 and 99,762 rows, CC BY 4.0",
  paper: 'the public benchmark of AdaTT, Li et al., KDD 2023',
  needsDirectory: true,
  hasKnownRows: true,
  defaults: defaultsOf(6),
  data: censusSettings,
  async open({ directory, limitRows, data = {} }) {
    const { tasks, validationFrom = 'train', values = false } = data as Written<typeof censusSettings>;
    const files = await readCensusIncome(directory ?? '.', { ...(tasks && { tasks }), values });
    const [train, test] = [limited(files.train, limitRows), limited(files.test, limitRows)];
    const ofTrain = validationFrom === 'train';
    return {
      ...(ofTrain ? splitPerSeed(train, test, { validation: VALIDATION }) : halvedPerSeed(train, test)),
      config: {
        set: 'census-income',
        ...(tasks && { tasks }),
        ...(values && { values }),
        ...((!tasks || tasks.includes('education')) && { education: 'bachelor' }),
        ...(ofTrain ? { validation: VALIDATION } : { validationFrom }),
        rows: { train: train.size, ...(ofTrain ? { test: test.size } : halvesOf(test.size)) },
      },
      wholeRows: { train: files.train.size, test: files.test.size },
    };
  },
};

/** Data whose test rows are in another file. A seed splits the validation rows from the training rows; the schema is fitted on the rest. */
export function splitPerSeed<T extends Tasks>(
  train: Table<T>,
  test: Table<T>,
  options: { readonly validation: number; readonly groupBy?: string },
): Pick<SuiteData, 'tasks' | 'notes' | 'trial'> {
  const { groupBy } = options;
  const trial = (seed: number) => {
    const { train: training, validation, rows } = split(train, { ...options, seed });
    return {
      train: training,
      validation,
      test: () => encode(test, training.schema),
      raw: () => ({ train: train.subset(rows.train), validation: train.subset(rows.validation), test }),
      trainUnits: () => (groupBy === undefined ? {} : { groups: groupsOf(train.subset(rows.train), groupBy) }),
    };
  };
  return { tasks: train.tasks, notes: () => notesOf(trial(LIMIT_SEED)), trial };
}

const halvesOf = (size: number) => ({ validation: Math.round(size / 2), test: size - Math.round(size / 2) });

/** Data whose test rows are in another file. A seed splits them into halves, for validation and for the test. */
export function halvedPerSeed<T extends Tasks>(
  train: Table<T>,
  test: Table<T>,
): Pick<SuiteData, 'tasks' | 'notes' | 'trial'> {
  const training = encode(train, fitSchema(train));
  const trial = (seed: number) => {
    const { train: kept, validation: held } = splitRows(test.size, { validation: 0.5, seed });
    return encodedParts({ train, validation: test.subset(held), test: test.subset(kept) }, training);
  };
  return { tasks: train.tasks, notes: () => notesOf(trial(LIMIT_SEED)), trial };
}

export const notesOf = (rows: Omit<Parts<EncodedTable>, 'test'> & { test(): EncodedTable }) =>
  inspect({ ...rows, test: rows.test() });

type KuairandParts = Awaited<ReturnType<typeof readKuairandPure>>;

/** Five kinds of feedback to short videos, split by time. A seed sets the initial weights and the row order. */
const kuairandSuite = (
  about: Pick<SuiteEntry, 'name' | 'description' | 'hasKnownRows'>,
  read: (directory: string) => Promise<KuairandParts>,
): SuiteEntry => ({
  ...about,
  paper: 'Gao et al., CIKM 2022',
  needsDirectory: true,
  defaults: defaultsOf(10),
  async open({ directory, limitRows }) {
    const files = await read(directory ?? '.');
    const raw = mapValues({ ...files }, (table) => limited(table, limitRows));
    const rows = encodedParts(raw);
    const test = rows.test();
    return {
      tasks: raw.train.tasks,
      config: { set: about.name, rows: mapValues(raw, ({ size }) => size) },
      content: () => tablesContent({ ...files }),
      wholeRows: mapValues({ ...files }, ({ size }) => size),
      notes: () => inspect({ ...rows, test }),
      trial: () => ({ ...rows, test: () => test, testGroups: groupsOf(raw.test, 'user_id') }),
    };
  },
});

/** A cut of KuaiRand-Pure, which is not published elsewhere. */
export const kuairandPure: SuiteEntry = kuairandSuite(
  {
    name: 'kuairand-pure',
    description:
      'a cut of KuaiRand-Pure: click, long view, like, profile enter, comment stay; ' +
      '94,784, 40,344 and 93,201 impressions by time; CC BY-SA 4.0',
    hasKnownRows: true,
  },
  readKuairandPure,
);

/** KuaiRand-Pure with all impressions of its standard logs, as its authors publish it. */
export const kuairandPublished: SuiteEntry = kuairandSuite(
  {
    name: 'kuairand-pure-published',
    description:
      'KuaiRand-Pure as its authors publish it at https://kuairand.com, CC BY-SA 4.0: the same five tasks; ' +
      'training to 30 April, validation on 1 and 2 May, test from 3 May',
  },
  (directory) => readKuairandPure(directory, { published: true }),
);

/** At most `rows` rows of a table, chosen at random by {@link LIMIT_SEED}. */
const limited = <T extends Tasks>(table: Table<T>, rows = Infinity): Table<T> =>
  rows < table.size ? shuffle(table, LIMIT_SEED).subset(Uint32Array.from({ length: rows }, (_, i) => i)) : table;
