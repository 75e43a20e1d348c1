import { trainerOf, type Batch, type MultiTaskModel, type NetworkTrained, type Tasks } from '@polytask/core';

/** Grows the trees of a model on encoded rows, as `fit` does. */
export async function growTrees<T extends Tasks>(
  model: MultiTaskModel<T>,
  train: Batch,
  validation?: Batch,
): Promise<NetworkTrained> {
  const { network } = model.config;
  return trainerOf(network)!({ config: network.config, model, train, validation, pause: async () => {} });
}
