import { adagrad, adam, adamW, cosine, lazyAdam, rowWiseAdagrad, sgd, type OptimizerSpec } from '@polytask/training';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testOptimizer } from '../kinds/optimizer.ts';

/** Every optimizer. A new one is a row here. */
const OPTIMIZERS: readonly (readonly [name: string, OptimizerSpec])[] = [
  ['adam', adam(0.03)],
  ['adam with all options', adam(0.03, { beta1: 0.5, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.01 })],
  ['adam with a schedule', adam(cosine(0.05, { epochs: 30 }))],
  ['lazyAdam', lazyAdam(0.03)],
  ['adamW', adamW(0.03)],
  ['adamW with all options', adamW(0.03, { beta1: 0.8, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.5 })],
  ['adamW without decay', adamW(0.03, { weightDecay: 0 })],
  ['sgd', sgd(0.3)],
  ['sgd with decay', sgd(0.3, { weightDecay: 0.01 })],
  ['sgd with momentum', sgd(0.1, { momentum: 0.9, weightDecay: 0.01 })],
  ['sgd with all options', sgd(0.1, { momentum: 0.8, nesterov: true, weightDecay: 0.01 })],
  ['adagrad', adagrad(0.1)],
  ['adagrad with all options', adagrad(0.1, { initialAccumulator: 0.1, epsilon: 1e-3, weightDecay: 0.01 })],
  ['rowWiseAdagrad', rowWiseAdagrad(2)],
  ['rowWiseAdagrad with all options', rowWiseAdagrad(4, { initialAccumulator: 1e-3, epsilon: 1e-3 })],
];

runner.it('has a row for every optimizer', () => {
  const specs = OPTIMIZERS.map(([, spec]) => spec);
  runner.expect(untested('optimizer', specs, ['@polytask/training'])).toEqual([]);
});

OPTIMIZERS.forEach(([name, spec], row) => testOptimizer(spec, { name, runner: dealt(runner, row) }));
