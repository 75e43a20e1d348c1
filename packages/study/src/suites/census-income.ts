import { encode, inspect, readCensusIncome, shuffle, split, type CensusTasks, type Table } from '@polytask/data';
import type { SuiteRow } from './suite-row.ts';

const VALIDATION = 0.1;
/** `--limit-rows` always takes the same rows. */
const LIMIT_SEED = 1;

/** Education, income and marital status of the UCI census-income (KDD) set, with the files' own test rows. */
export const censusIncome: SuiteRow = {
  name: 'census-income',
  description: "UCI census-income (KDD): bachelor's degree, income above 50K, never married; 199,523 and 99,762 rows",
  paper: 'the public benchmark of AdaTT, Li et al., KDD 2023',
  needsDirectory: true,
  defaults: {
    seeds: [1, 2, 3],
    epochs: 8,
    batchSize: 1024,
    learningRate: 1e-3,
    patience: 2,
    size: { levels: [128, 64], experts: 6, tower: [32], embedding: 8 },
  },
  async open({ directory, limitRows }) {
    const files = await readCensusIncome(directory ?? '.');
    const few = (table: Table<CensusTasks>) =>
      limitRows !== undefined && limitRows < table.size
        ? shuffle(table, LIMIT_SEED).subset(Uint32Array.from({ length: limitRows }, (_, i) => i))
        : table;
    const [train, test] = [few(files.train), few(files.test)];
    return {
      tasks: files.train.tasks,
      config: {
        set: 'census-income',
        education: 'bachelor',
        validation: VALIDATION,
        rows: { train: train.size, test: test.size },
      },
      wholeRows: { train: files.train.size, test: files.test.size },
      notes() {
        const parts = split(train, { validation: VALIDATION, seed: LIMIT_SEED });
        return inspect({ ...parts, test: encode(test, parts.train.schema) });
      },
      trial(seed) {
        const parts = split(train, { validation: VALIDATION, seed }); // the schema is fitted on the training part alone
        return { train: parts.train, validation: parts.validation, test: () => encode(test, parts.train.schema) };
      },
    };
  },
};
