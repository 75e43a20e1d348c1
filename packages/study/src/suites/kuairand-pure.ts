import {
  encode,
  fitSchema,
  groupsOf,
  inspect,
  readKuairandPure,
  shuffle,
  type KuairandTasks,
  type Table,
} from '@polytask/data';
import type { SuiteRow } from './suite-row.ts';

/** `--limit-rows` always takes the same rows. */
const LIMIT_SEED = 1;

/** Five kinds of feedback to short videos, split by time. The rows are the same for every seed, which gives start and order alone. */
export const kuairandPure: SuiteRow = {
  name: 'kuairand-pure',
  description:
    'KuaiRand-Pure: click, long view, like, profile enter, comment stay; 94,784, 40,344 and 93,201 impressions by time',
  paper: 'Gao et al., CIKM 2022',
  needsDirectory: true,
  defaults: {
    seeds: [1, 2, 3],
    epochs: 8,
    batchSize: 1024,
    learningRate: 1e-3,
    patience: 2,
    size: { levels: [128, 64], experts: 10, tower: [32], embedding: 8 },
  },
  async open({ directory, limitRows }) {
    const files = await readKuairandPure(directory ?? '.');
    const few = (table: Table<KuairandTasks>) =>
      limitRows !== undefined && limitRows < table.size
        ? shuffle(table, LIMIT_SEED).subset(Uint32Array.from({ length: limitRows }, (_, i) => i))
        : table;
    const [train, test] = [few(files.train), few(files.test)];
    const schema = fitSchema(train);
    const rows = {
      train: encode(train, schema),
      validation: encode(files.validation, schema),
      test: encode(test, schema),
    };
    return {
      tasks: train.tasks,
      config: { set: 'kuairand-pure', rows: { train: train.size, validation: rows.validation.size, test: test.size } },
      wholeRows: { train: files.train.size, test: files.test.size },
      notes: () => inspect(rows),
      trial: () => ({
        train: rows.train,
        validation: rows.validation,
        test: () => rows.test,
        testGroups: groupsOf(test, 'user_id'),
      }),
    };
  },
};
