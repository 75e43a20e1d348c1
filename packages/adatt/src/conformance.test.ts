import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { testModel, untested, type NetworkSource, type OptionsFor } from '@polytask/testing';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import { adatt, adattSp } from './index.ts';

const experts = mlp([4], { activation: 'tanh' });
const levels = <L extends object>(level: L) => ({
  levels: [
    { experts, ...level },
    { experts, ...level },
  ],
});

/** Every model of the package, in two levels. A new one is a row here. */
const MODELS: readonly (OptionsFor<typeof testModel> & { name: string; network: NetworkSource })[] = [
  { name: 'adatt', network: adatt(levels({ perTask: 2, shared: 1 })) },
  { name: 'adatt, unit residual', network: adatt(levels({ shared: 1 })) },
  { name: 'adatt, no residual', network: adatt({ ...levels({ shared: 2 }), residual: false }) },
  {
    name: 'adatt, hidden gate and a tower',
    network: adatt(levels({ shared: 1, gate: softmaxGate({ hidden: [3] }) })),
    tower: mlp([3], { activation: 'tanh' }),
  },
  { name: 'adattSp', network: adattSp(levels({ perTask: 2 })) },
  {
    name: 'adatt, uneven',
    network: (tasks) =>
      adatt({
        levels: [
          { experts, perTask: counts(tasks, [1, 3, 2]), shared: 2 },
          { experts, perTask: counts(tasks, [2, 1, 1]) },
        ],
      }),
  },
];

/** How many experts each of the tasks `a`, `b` and `c` has. */
const counts = (tasks: readonly string[], perTask: readonly number[]) =>
  Object.fromEntries(tasks.map((task) => [task, perTask['abc'.indexOf(task)]!]));

runner.it('has a row for every model of the package', () => {
  const specs = MODELS.map(({ network }) => (typeof network === 'function' ? network(['a']) : network));
  runner.expect(untested('network', specs, ['@polytask/core', '@polytask/adatt'])).toEqual([]);
});

MODELS.forEach(({ network, ...options }, row) => testModel(network, { ...options, runner: dealt(runner, row) }));
