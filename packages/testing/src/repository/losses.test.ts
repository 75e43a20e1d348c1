import {
  asymmetric,
  bpr,
  crossEntropy,
  focal,
  huber,
  jrc,
  listNet,
  logCosh,
  binaryCrossEntropy,
  mae,
  mse,
  pinball,
  rankNet,
  type LossSpec,
} from '@polytask/core';
import {
  gamma,
  gaussianNll,
  logisticHazard,
  multiLabelCrossEntropy,
  ordinalLikelihood,
  poisson,
  tweedie,
  zeroInflatedLognormal,
} from '@polytask/core/tasks';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testLoss } from '../kinds/loss.ts';
import type { OptionsFor } from '../tester.ts';

/** Every loss of core. A new one is a row here. */
const LOSSES: readonly LossSpec[] = [
  binaryCrossEntropy(),
  binaryCrossEntropy({ positiveWeight: 3, smoothing: 0.1 }),
  focal(),
  focal({ gamma: 0.5, alpha: 0.25 }),
  asymmetric(),
  asymmetric({ gammaPositive: 0, gammaNegative: 2, margin: 0 }),
  crossEntropy(),
  crossEntropy({ classWeights: [1, 2, 3], smoothing: 0.1 }),
  mse(),
  mae(),
  huber({ delta: 0.7 }),
  logCosh(),
  pinball({ levels: [0.8] }),
  zeroInflatedLognormal(),
  poisson(),
  gamma(),
  gaussianNll(),
  multiLabelCrossEntropy(),
  logisticHazard({ cuts: [0.2, 1.4] }),
  ordinalLikelihood({ link: 'cumulative' }),
  tweedie(),
  tweedie({ power: 1.1 }),
  bpr(),
  rankNet({ sigma: 2 }),
  listNet(),
  listNet({ target: 'share' }),
  jrc(),
  jrc({ alpha: 0.2 }),
];

runner.it('has a row for every loss of core', () => {
  runner.expect(untested('loss', LOSSES, ['@polytask/core', '@polytask/core/tasks'])).toEqual([]);
});

LOSSES.forEach((loss, row) =>
  testLoss(loss, { name: `${loss.name} ${JSON.stringify(loss.config)}`, runner: dealt(runner, row) }),
);

/** Losses of further kinds of task. */
const FURTHER: readonly (readonly [LossSpec, OptionsFor<typeof testLoss>])[] = [
  [pinball({ levels: [0.1, 0.5, 0.9] }), { task: 'quantiles', name: 'pinball of quantiles' }],
  [rankNet(), { task: 'regression', name: 'rank-net of a regression' }],
  [listNet(), { task: 'count', name: 'list-net of a count' }],
  [jrc(), { task: 'multiclass', name: 'jrc of classes' }],
];

FURTHER.forEach(([loss, options], row) => testLoss(loss, { ...options, runner: dealt(runner, row) }));
