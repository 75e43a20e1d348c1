import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { testModel, untested, type ModelOptions, type NetworkSource } from '@polytask/testing';
import * as runner from 'vitest';
import { cgc, crossStitch, mmoe, noFusion, ple, sharedBottom, singleTask } from './index.ts';

const experts = mlp([4], { activation: 'tanh' });
const levels = <L extends object>(level: L) => ({ levels: [{ experts, ...level }, { experts, ...level }] });

/** Every model of the package, in two levels where it can have them. A new one is a row here. */
const MODELS: readonly (ModelOptions & { name: string; network: NetworkSource })[] = [
  { name: 'noFusion', network: noFusion(), tower: experts, normalised: true },
  { name: 'singleTask', network: singleTask(levels({})), normalised: true },
  { name: 'sharedBottom', network: sharedBottom(levels({})), normalised: true },
  { name: 'crossStitch', network: crossStitch(levels({})) },
  { name: 'mmoe', network: mmoe({ levels: [{ experts, pool: 3 }] }), normalised: true },
  { name: 'mmoe, hidden gate and a tower', network: mmoe({ levels: [{ experts, pool: 3, gate: softmaxGate({ reads: 'raw', hidden: [3] }) }] }), tower: experts, normalised: true },
  { name: 'multi-level mmoe', network: mmoe({ levels: [{ experts, pool: 3 }, { experts, pool: 2 }] }), normalised: true },
  { name: 'cgc', network: cgc({ experts, perTask: 2 }), normalised: true },
  { name: 'ple', network: ple(levels({ perTask: 2, shared: 1 })), normalised: true },
  { name: 'ple, uneven', network: (tasks) => ple(levels({ perTask: counts(tasks, [1, 3, 2]), shared: 2 })), normalised: true },
  { name: 'ple, nothing shared', network: ple(levels({ perTask: 2, shared: 0 })), normalised: true },
];

/** How many experts each of the tasks `a`, `b` and `c` has. */
const counts = (tasks: readonly string[], perTask: readonly number[]) =>
  Object.fromEntries(tasks.map((task) => [task, perTask['abc'.indexOf(task)]!]));

runner.it('has a row for every model of the package', () => {
  const specs = MODELS.map(({ network }) => (typeof network === 'function' ? network(['a']) : network));
  runner.expect(untested('network', specs)).toEqual([]);
});

for (const { network, ...options } of MODELS) testModel(network, { ...options, runner });
