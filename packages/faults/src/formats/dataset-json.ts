import { join } from 'node:path';
import { openDataset } from '@polytask/data';
import type { FaultFormat } from '../format.ts';
import { bytesOf, inDirectory, jsonBytes, textOf } from './temporary-files.ts';

const lines = Array.from({ length: 60 }, (_, i) => `${i},t${i % 3},a|b${i % 4},u${i % 6},${i % 2},${i / 7}\n`);
const joined = Array.from({ length: 6 }, (_, i) => `u${i},${i * 10}\n`);

const DOCUMENT = {
  name: 'shop',
  files: 'rows.csv',
  csv: { trim: true, missing: ['?'] },
  features: {
    age: { kind: 'numeric', indicator: true },
    town: 'categorical',
    tags: { kind: 'multi-valued', separator: '|', maxLength: 4 },
  },
  tasks: { bought: { kind: 'binary', positive: '1' }, hours: 'regression' },
  gaucGroup: 'user',
  context: ['town'],
  join: [{ files: ['users.csv'], on: 'user', features: { visits: 'numeric' } }],
  split: { kind: 'random', validation: 0.2, test: 0.2, seed: 7, groupBy: 'user' },
};

export const datasetJson: FaultFormat = {
  name: 'dataset.json',
  sealed: false,
  example: async () => ({ 'set.json': jsonBytes(DOCUMENT) }),
  load: (files) =>
    inDirectory(
      {
        'rows.csv': bytesOf(`age,town,tags,user,bought,hours\n${lines.join('')}`),
        'users.csv': bytesOf(`user,visits\n${joined.join('')}`),
        ...files,
      },
      async (directory) => {
        const { name, parts } = await openDataset(join(directory, 'set.json'));
        const { train, validation, test, groups } = parts(1);
        return textOf([name, train.schema, train.arrays, validation.arrays, test.arrays, groups]);
      },
    ),
};
