import {
  checks,
  defineExpert,
  defineNetwork,
  fusion,
  linear,
  ownUnits,
  type ExpertSpec,
  type FusionLevelDeclaration,
  type NetworkSpec,
} from '@polytask/core';
import type * as tf from '@tensorflow/tfjs-core';
import { tinyExpert, tinyGate } from '../tiny/parts.ts';
import { overBatch } from './flawed-gates.ts';

const oneLevel = (
  name: string,
  levelOf: (tasks: readonly string[]) => Partial<FusionLevelDeclaration>,
): (() => NetworkSpec) => {
  const define = defineNetwork(`test.${name}`, (_, tasks) => fusion([{ ...sound(tasks), ...levelOf(tasks) }]));
  return () => define({});
};

const sound = (tasks: readonly string[], experts: ExpertSpec = tinyExpert()) => ({
  units: ownUnits(tasks, 2),
  experts,
  outputs: tasks,
  gate: tinyGate(),
});

export const soundNetwork = oneLevel('sound', () => ({}));

/** The number of a task's experts is its 1-based index. */
export const inOrder = oneLevel('in-order', (tasks) => ({
  units: ownUnits(
    tasks,
    tasks.map((_, t) => t + 1),
  ),
}));

export const rowsMixed = oneLevel('rows-mixed', () => ({ gate: overBatch() }));

/** No unit sees the shared experts, which have a bank of their own. */
export const unseen = oneLevel('unseen', (tasks) => ({
  units: [...ownUnits(tasks, 1), { name: 'shared', kind: 'shared', experts: 2 }],
  experts: [tinyExpert(), other()],
  gate: tinyGate({ sees: 'own' }),
}));

export const threeOnly = oneLevel('three-only', (tasks) => {
  if (tasks.length !== 3) throw new Error('made for three tasks');
  return {};
});

export const ofExpert = defineNetwork('test.of-expert', ({ experts }, tasks) => fusion([sound(tasks, experts)]), {
  options: { experts: checks.component('expert') },
});

const other = defineExpert('test.other', ({ inputDim, weight }) => {
  const w = weight('kernel', [inputDim, 4]);
  return { outputDim: 4, apply: (x: tf.Tensor) => linear(x, w) };
});
