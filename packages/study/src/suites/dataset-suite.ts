import type { Tasks } from '@polytask/core';
import type { Dataset } from '@polytask/data';
import { withoutFiles } from '../trials/current-trials.ts';
import { datasetDefaults } from './dataset-defaults.ts';
import type { SuiteRow } from './suite-row.ts';

/**
 * Makes a suite of an opened data set. Each seed sets the random split, the initial weights, and the order of the batches. The suite
 * owns the rows: whoever opens it again gets the same ones, whatever has happened to their files since.
 *
 * @param description says where the data set is from
 * @throws PolytaskError when the rows can't be split
 * @example const suite = suiteOfDataset(await datasetFromFiles(document, { 'people.csv': file }), 'people.csv, as dropped');
 */
export function suiteOfDataset(dataset: Dataset, description: string): SuiteRow {
  return {
    name: dataset.name,
    description,
    needsDirectory: false,
    defaults: datasetDefaults(dataset.sizes(1).train, Object.keys(dataset.tasks).length),
    open: async ({ limitRows = Infinity }) => open(dataset, limitRows),
  };
}

/** Raw rows, or encoded ones. */
interface Limited<S> {
  readonly size: number;
  subset(rows: ArrayLike<number>): S;
}

/** Opens the data set. The data set keeps the parts of the latest seed, so the rows of a seed are encoded once. */
async function open(dataset: Dataset, limit: number): ReturnType<SuiteRow['open']> {
  const limited = <S extends Limited<S>>(table: S): S =>
    table.size > limit ? table.subset(Array.from({ length: limit }, (_, row) => row)) : table;
  const wholeRows = dataset.sizes(1);
  let tasks: Tasks | undefined;
  return {
    /** As the first seed fits them. A process that trains other seeds alone doesn't encode it. */
    get tasks() {
      return (tasks ??= dataset.parts(1).train.schema.tasks);
    },
    config: {
      set: dataset.name,
      file: withoutFiles(dataset.document),
      rows: {
        train: Math.min(limit, wholeRows.train),
        validation: wholeRows.validation,
        test: Math.min(limit, wholeRows.test),
      },
    },
    content: () => dataset.content(),
    wholeRows,
    notes: () => dataset.parts(1).warnings(),
    trial(seed) {
      const own = dataset.parts(seed);
      const testRows = limited(own.test);
      return {
        train: limited(own.train),
        validation: own.validation,
        test: () => testRows,
        raw() {
          const { train, validation, test } = own.raw();
          return { train: limited(train), validation, test: limited(test) };
        },
        testGroups: own.groups && Array.from({ length: testRows.size }, (_, row) => own.groups!.test[row]!),
      };
    },
  };
}
