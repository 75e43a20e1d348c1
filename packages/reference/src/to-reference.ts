import type { MultiTaskModel, NamedTensor, Tasks } from '@polytask/core';
import { pairingsOf } from './architectures/architectures.ts';
import { planOf } from './plan.ts';
import { configurationOf } from './reading/configuration-of.ts';
import { toStateDict, type NamedTensors } from './pairing.ts';

/**
 * The weights of a model as a state dict of the authors' PyTorch library, for `load_state_dict`. The state dict of an untrained
 * `fromReference` model equals its checkpoint bit for bit. {@link configurationOf} has the configuration for PyTorch.
 *
 * @param parameters tensors with the names and shapes of the model's parameters, such as gradients or optimizer moments.
 *   Default: the model's weights
 * @throws PolytaskError when the library has no such model
 * @example await writeFile('back.safetensors', writeSafetensors(toReference(model)));
 */
export function toReference<T extends Tasks>(
  model: MultiTaskModel<T>,
  parameters?: NamedTensors,
): Record<string, NamedTensor> {
  return toStateDict(pairingsOf(planOf(configurationOf(model))), parameters ?? own(model));
}

const own = <T extends Tasks>(model: MultiTaskModel<T>): NamedTensors =>
  Object.fromEntries(
    model.store
      .all()
      .map(({ name, variable }) => [
        name,
        { dtype: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() },
      ]),
  );
