import { mapValues } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import {
  aliCcpStream,
  aliExpressStream,
  type ClickTasks,
  groupsOf,
  movielensStream,
  sampleStream,
  split,
  tablesContent,
  type TableStream,
} from '@polytask/data';
import { LIMIT_SEED, notesOf, splitPerSeed } from './data-suites.ts';
import type { SuiteDefaults, SuiteEntry } from './suite-entry.ts';

// The suites on data sets of millions of rows. Each reads a directory of files (`--data`) as a stream, and takes rows of it at random.

/** The fraction of validation rows; and of test rows, where these have no file of their own. */
const PART = 0.1;

const defaults: SuiteDefaults = {
  seeds: [1, 2, 3],
  epochs: 6,
  batchSize: 2048,
  learningRate: 1e-3,
  patience: 1,
  size: { levels: [128, 64], experts: 4, tower: [32], embedding: 8 },
};

const sampled = <T extends Tasks>(rows: TableStream<T>, size: number) => sampleStream(rows, { size, seed: LIMIT_SEED });

interface ClickSuite extends Pick<SuiteEntry, 'name' | 'description' | 'paper'> {
  /** The number of rows to take of each file, unless `limitRows` is another. */
  readonly rows: number;
  /** Validation rows have other values of this column than training rows. Default: any rows. */
  readonly groupBy?: string;
  stream(directory: string, part: 'train' | 'test'): TableStream<ClickTasks> | Promise<TableStream<ClickTasks>>;
}

const clickSuite = ({ rows: most, groupBy, stream, ...about }: ClickSuite): SuiteEntry => ({
  ...about,
  needsDirectory: true,
  defaults,
  async open({ directory = '.', limitRows = most }) {
    const train = await sampled(await stream(directory, 'train'), limitRows);
    const test = await sampled(await stream(directory, 'test'), limitRows);
    return {
      ...splitPerSeed(train.table, test.table, { validation: PART, ...(groupBy && { groupBy }) }),
      config: { set: about.name, validation: PART, rows: { train: train.table.size, test: test.table.size } },
      content: () => tablesContent({ train: train.table, test: test.table }),
      wholeRows: { train: train.total, test: test.total },
    };
  },
});

export const aliExpress: SuiteEntry = clickSuite({
  name: 'aliexpress',
  description:
    'AliExpress search in one country, in the form of MTReclib: click and conversion; 500,000 rows of each file; ' +
    'from https://tianchi.aliyun.com/dataset/74690',
  paper: 'Li et al., CIKM 2020',
  rows: 500_000,
  groupBy: 'search_id',
  stream: aliExpressStream,
});

export const aliCcp: SuiteEntry = clickSuite({
  name: 'ali-ccp',
  description:
    'Ali-CCP: click and conversion of recommended items; a million rows of each file; from https://tianchi.aliyun.com/dataset/408',
  paper: 'Ma et al., SIGIR 2018',
  rows: 1_000_000,
  stream: aliCcpStream,
});

const RATINGS = 2_000_000;

/** Ratings of movies, as a number and as a yes or no. A seed splits the ratings at random. */
export const movielens: SuiteEntry = {
  name: 'movielens',
  description:
    'MovieLens, ml-1m or a release with CSV files: the rating, and whether it is four stars or more; ' +
    '2,000,000 ratings; for research only; from https://grouplens.org/datasets/movielens/',
  paper: 'Harper and Konstan, TiiS 2015',
  needsDirectory: true,
  defaults,
  async open({ directory = '.', limitRows = RATINGS }) {
    const { table, total } = await sampled(await movielensStream(directory), limitRows);
    const users = groupsOf(table, 'userId');
    const parts = (seed: number) => {
      const { train, validation, test, rows } = split(table, { validation: PART, test: PART, seed });
      return {
        ...{ train, validation, test: () => test },
        raw: () => mapValues(rows, (part) => table.subset(part)),
        testGroups: Float64Array.from(rows.test, (row) => users[row]!),
      };
    };
    return {
      tasks: table.tasks,
      config: { set: 'movielens', rows: partSizes(table.size) },
      content: () => tablesContent({ train: table }),
      wholeRows: partSizes(total),
      notes: () => notesOf(parts(LIMIT_SEED)),
      trial: parts,
    };
  },
};

function partSizes(size: number) {
  const part = Math.round(size * PART);
  return { train: size - 2 * part, validation: part, test: part };
}
