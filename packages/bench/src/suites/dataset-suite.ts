import { inspect, openDataset, type Dataset, type EncodedTable } from '@polytask/data';
import type { SuiteRow } from './suite.ts';

/**
 * A suite of a data set that one JSON file describes (docs/data.md): each seed gives its split, where that is at random, the
 * start of the weights, and the order of the batches.
 *
 * @param path of the file
 * @throws PolytaskError where the file or its rows are not as they should be
 * @example await runSuite({ suite: await datasetSuite('people.json'), models: ['single-task', 'adatt'] });
 */
export async function datasetSuite(path: string): Promise<SuiteRow> {
  const dataset = await openDataset(path);
  return {
    name: dataset.name,
    description: `the data set that ${path} describes`,
    needsDirectory: false,
    defaults: {
      seeds: [1, 2, 3],
      epochs: 8,
      batchSize: 1024,
      learningRate: 1e-3,
      patience: 2,
      size: { levels: [128, 64], experts: 2 * Object.keys(dataset.tasks).length, tower: [32], embedding: 8 },
    },
    open: async ({ limitRows = Infinity }) => open(dataset, limitRows),
  };
}

async function open(dataset: Dataset, limit: number): ReturnType<SuiteRow['open']> {
  const parts = dataset.parts(1);
  const { train, validation, test } = parts;
  const few = (table: EncodedTable) =>
    table.size > limit ? table.subset(Array.from({ length: limit }, (_, row) => row)) : table;
  return {
    tasks: train.schema.tasks,
    config: {
      set: dataset.name,
      file: dataset.document,
      rows: { train: few(train).size, validation: validation.size, test: few(test).size },
    },
    notes: () => inspect(parts).map(({ message }) => message),
    trial(seed) {
      const own = dataset.parts(seed);
      const testRows = few(own.test);
      return {
        train: few(own.train),
        validation: own.validation,
        test: () => testRows,
        testGroups: own.groups && Array.from({ length: testRows.size }, (_, row) => own.groups!.test[row]!),
      };
    },
  };
}
