import { openResults } from '@polytask/bench';
import type { FaultFormat } from '../format.ts';
import { bytesOf, inDirectory, textOf } from './temporary-files.ts';

const trial = (seed: number) => ({
  ...{ suite: 'toy', model: 'adatt', seed, engine: 'cpu', parameters: 12, seconds: 1.5 },
  metrics: { click: { auc: 0.7 + seed / 100, ne: 0.9 } },
  rowIntervals: {},
  versions: { node: '20.19.0' },
  config: {
    data: { set: 'toy' },
    training: { epochs: 3, batchSize: 64, learningRate: 0.001, optimizer: 'adam', patience: 2, selection: 'auc' },
    size: { levels: [4], experts: 2, tower: [3], embedding: 2 },
    model: { network: {}, rate: 1 },
  },
  ...{ epochs: 3, bestEpoch: 2, curve: [], warnings: [], fusion: [] },
});

export const results: FaultFormat = {
  name: 'results.jsonl',
  sealed: false,
  example: async () => ({
    'results.jsonl': bytesOf([1, 2, 3].map((seed) => `${JSON.stringify(trial(seed))}\n`).join('')),
  }),
  load: (files) => inDirectory(files, async (directory) => textOf(await openResults(directory).read())),
};
