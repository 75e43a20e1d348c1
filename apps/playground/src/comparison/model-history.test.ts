import { trialOf } from '@polytask/study/testing';
import { expect, it } from 'vitest';
import { fusionAt, type HistoryEpoch, historyOfTrial } from './model-history.ts';

const level = (weight: number) => ({
  ...{ outputs: ['a'], experts: ['a.0'], gated: [[weight]], gatedDeviation: [[0]], constant: [[0]] },
});

it('has the weights of the latest epoch that was measured', () => {
  const epoch = (weight: number | undefined): HistoryEpoch => ({
    ...{ losses: {}, validation: {}, cosine: undefined },
    fusion: weight === undefined ? undefined : [level(weight)],
  });
  const history = { model: 'm', seed: 1, epochs: [undefined, 1, undefined, 3].map(epoch) };
  expect([0, 1, 2, 3, 9].map((at) => fusionAt(history, at)[0]!.gated[0]![0])).toEqual([1, 1, 1, 3, 3]);
  expect(fusionAt({ ...history, epochs: [] }, 0)).toEqual([]);
});

it('has the curve of a finished trial, with its weights at the end', () => {
  const curve = [0.7, 0.5].map((loss) => ({ loss, validation: { a: 1 - loss }, seconds: 1 }));
  const { epochs } = historyOfTrial(trialOf({ curve, fusion: [level(2)] }));
  expect(epochs.map(({ losses }) => losses)).toEqual([{ 'all tasks': 0.7 }, { 'all tasks': 0.5 }]);
  expect(epochs.map(({ fusion }) => fusion?.length)).toEqual([undefined, 1]);
});
