import type { Dataset, DatasetParts } from '@polytask/data';
import { datasetDefaults } from './dataset-defaults.ts';
import type { SuiteRow } from './suite-row.ts';

/**
 * Makes a suite of an opened data set. Each seed sets the random split, the initial weights, and the order of the batches.
 *
 * @param description says where the data set is from
 * @throws PolytaskError when the rows can't be split
 * @example const suite = suiteOfDataset(await datasetFromFiles(document, { 'people.csv': file }), 'people.csv, as dropped');
 */
export function suiteOfDataset(dataset: Dataset, description: string): SuiteRow {
  const parts = dataset.parts(1);
  return {
    name: dataset.name,
    description,
    needsDirectory: false,
    defaults: datasetDefaults(parts.train.size, Object.keys(dataset.tasks).length),
    open: async ({ limitRows = Infinity }) => open(dataset, parts, limitRows),
  };
}

/** Raw rows, or encoded ones. */
interface Limited<S> {
  readonly size: number;
  subset(rows: ArrayLike<number>): S;
}

/** Opens the data set. @param parts the parts of the first seed */
async function open(dataset: Dataset, parts: DatasetParts, limit: number): ReturnType<SuiteRow['open']> {
  const { train, validation, test } = parts;
  const limited = <S extends Limited<S>>(table: S): S =>
    table.size > limit ? table.subset(Array.from({ length: limit }, (_, row) => row)) : table;
  return {
    tasks: train.schema.tasks,
    config: {
      set: dataset.name,
      file: dataset.document,
      rows: { train: limited(train).size, validation: validation.size, test: limited(test).size },
    },
    wholeRows: { train: train.size, validation: validation.size, test: test.size },
    notes: () => parts.warnings(),
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
