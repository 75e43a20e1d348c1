import { expect, test } from 'vitest';
import { gaussian, multiLabel, quantiles, survival } from '../kinds/index.ts';
import { binary } from './binary.ts';
import { multiclass } from './multiclass.ts';
import { regression } from './regression.ts';
import { isLog, predictionTypeOf } from './task-kind.ts';

test.each([
  [binary(), 'binary', [], 'ne'],
  [multiclass({ classes: ['a', 'b'] }), 'multiclass', ['a', 'b'], 'ne'],
  [multiLabel({ labels: ['a', 'b'] }), 'multi-label', ['a', 'b'], 'ne'],
  [regression(), 'regression', [], 'nrmse'],
  [gaussian({ levels: [0.1, 0.9] }), 'quantiles', ['0.1', '0.9'], 'pinballRatio@0.1:0.9'],
  [survival({ cuts: [30, 90] }), 'survival', ['30', '90'], 'survivalRatio@30:90'],
])('%j is measured as %s', (task, measuredAs, names, metric) => {
  const type = predictionTypeOf(task);
  expect([type.measuredAs, type.names, type.normalizedLoss(type.names)]).toEqual([measuredAs, names, metric]);
});

test('numbers are in the unit of the label, or probabilities', () => {
  expect(predictionTypeOf(quantiles()).isProbability).toBe(false);
  expect(predictionTypeOf(survival({ cuts: [3] })).isProbability).toBe(true);
  expect([isLog(regression({ log: true })), isLog(regression()), isLog(binary())]).toEqual([true, false, false]);
});
