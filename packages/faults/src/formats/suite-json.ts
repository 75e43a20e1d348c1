import { join } from 'node:path';
import { createSuite, suiteLoader } from '@polytask/bench';
import type { FaultFormat } from '../format.ts';
import { inDirectory, jsonBytes, textOf } from './temporary-files.ts';

const DOCUMENT = {
  name: 'mine',
  description: 'a suite',
  extends: 'base.json',
  data: { correlation: 0.4 },
  variants: { alike: { conflict: 0 }, apart: { conflict: 0.2 } },
  groups: { two: ['task1', 'task2'] },
  models: ['adatt', { model: 'adatt', as: 'plain', network: { residual: false }, size: { experts: 2 } }],
  balancers: ['pcgrad'],
  baseline: 'adatt',
  size: { levels: [8, 4], tower: [4] },
  budgets: { small: { training: { epochs: 2 }, size: { experts: 4 } } },
  seeds: [1, 2],
  training: { epochs: 3, learningRate: 0.01 },
};

export const suiteJson: FaultFormat = {
  name: 'suite.json',
  sealed: false,
  example: async () => ({
    'suite.json': jsonBytes(DOCUMENT),
    'base.json': jsonBytes({ name: 'base', extends: 'synthetic', seeds: 3 }),
  }),
  load: (files) =>
    inDirectory(files, async (directory) => {
      const {
        entry: _,
        files: __,
        allModels: ___,
        ...suite
      } = await createSuite({ suite: join(directory, 'suite.json') }, suiteLoader());
      return textOf(suite);
    }),
};
