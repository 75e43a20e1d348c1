import { defineNetwork, fusion, oneHot, type ModelConfig } from '@polytask/core';

/** No fusion level: each task's head reads the network's input. */
export const noFusion = defineNetwork<Record<string, never>>('no-fusion', () => fusion([]));

/**
 * A logistic regression a task (a linear one for a regression task): a linear head on numbers and one-hot columns. The
 * row that any network has to beat.
 *
 * @example multiTaskModel({ schema, ...logisticRegression(), seed: 7 })
 */
export const logisticRegression = (): Required<Pick<ModelConfig, 'network' | 'input'>> => ({
  network: noFusion({}),
  input: oneHot(),
}) as Required<Pick<ModelConfig, 'network' | 'input'>>;
