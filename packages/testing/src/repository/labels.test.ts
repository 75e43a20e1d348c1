import { binary, multiclass, regression } from '@polytask/core';
import { amount, gaussian, multiLabel, ordinal, share, survival } from '@polytask/core/tasks';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testLabel, testPrediction } from '../kinds/task.ts';

/** Every type of label of core, with tasks that have it. */
const LABELS = [
  ['yes-no', [binary(), binary({ above: 3 }), binary({ positive: ['ja', 'yes'] })]],
  ['class', [multiclass({ classes: ['a', 'b', 'c'] }), ordinal()]],
  ['labels', [multiLabel({ labels: ['comedy', 'drama'], separator: ',' }), multiLabel()]],
  ['time', [survival({ cuts: [0.3, 0.9], event: 'left' }), survival()]],
  ['number', [regression(), regression({ log: true }), amount(), share()]],
] as const;

/** Every type of prediction of core. */
const PREDICTIONS = [
  ['probability', binary()],
  ['probabilities', ordinal({ classes: ['a', 'b', 'c'] })],
  ['labels', multiLabel({ labels: ['comedy', 'drama'] })],
  ['number', amount()],
  ['quantiles', gaussian({ levels: [0.2, 0.5] })],
  ['survival', survival({ cuts: [0.3, 0.9] })],
] as const;

runner.it('has a row for every type of label and of prediction of core', () => {
  const named = (kind: 'label' | 'prediction', rows: readonly (readonly [string, ...unknown[]])[]) =>
    rows.map(([name]) => ({ kind, name, config: {} }));
  runner.expect(untested('label', named('label', LABELS), ['@polytask/core'])).toEqual([]);
  runner.expect(untested('prediction', named('prediction', PREDICTIONS), ['@polytask/core'])).toEqual([]);
});

LABELS.flatMap(([type, tasks]) => tasks.map((task) => [type, task] as const)).forEach(([type, task], row) =>
  testLabel(type, { task, name: JSON.stringify(task), runner: dealt(runner, row) }),
);
PREDICTIONS.forEach(([type, task], row) => testPrediction(type, { task, runner: dealt(runner, row) }));
