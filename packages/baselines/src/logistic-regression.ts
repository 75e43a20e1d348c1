import { defineNetwork, fusion, type InputSpec, type NetworkSpec } from '@polytask/core';
import { oneHot } from './one-hot.ts';

const noLevels = defineNetwork('no-fusion', () => fusion([]), {
  description: "no level: each task's head reads the network's input",
  package: '@polytask/baselines',
  options: {},
});

/**
 * A network without fusion levels. Each task's tower reads the network's input; without towers, the heads read it.
 *
 * @example multiTaskModel({ schema, network: noFusion(), tower: mlp([32]), seed: 7 })
 */
export const noFusion = (): NetworkSpec => noLevels();

/**
 * A logistic regression per task (a linear regression for a regression task): a linear head on numbers and one-hot columns.
 * It is the simplest baseline. Spread the result into a model's declaration, and leave the tower out.
 *
 * @example multiTaskModel({ schema, ...logisticRegression(), seed: 7 })
 */
export const logisticRegression = (): { network: NetworkSpec; input: InputSpec } => ({
  network: noFusion(),
  input: oneHot(),
});
