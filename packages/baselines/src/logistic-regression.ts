import { defineNetwork, fusion, oneHot, type InputSpec, type NetworkSpec } from '@polytask/core';

const noLevels = defineNetwork<Record<never, never>>('no-fusion', () => fusion([]), {
  description: "no level: each task's head reads the network's input",
  package: '@polytask/baselines',
  options: {},
});

/**
 * No fusion level: each task's tower, or its head where there is none, reads the network's input.
 *
 * @example multiTaskModel({ schema, network: noFusion(), tower: mlp([32]), seed: 7 })
 */
export const noFusion = (): NetworkSpec => noLevels({});

/**
 * A logistic regression a task (a linear one for a regression task): a linear head on numbers and one-hot columns. The
 * row that any network has to beat. It is two parts of a model's declaration: spread it, and give no tower.
 *
 * @example multiTaskModel({ schema, ...logisticRegression(), seed: 7 })
 */
export const logisticRegression = (): { network: NetworkSpec; input: InputSpec } => ({
  network: noFusion(),
  input: oneHot(),
});
