import type { MultiTaskModel, NamedTensor, Tasks } from '@polytask/core';
import { pairingsOf } from './architectures/architectures.ts';
import { planOf } from './plan.ts';
import { configurationOf } from './reading/configuration-of.ts';
import { toStateDict, type NamedTensors } from './state-dict.ts';

/**
 * A model's weights as the state dict of the authors' PyTorch library: what `fromReference` was given, bit for bit, or
 * after training what PyTorch loads with `load_state_dict`. {@link configurationOf} says which model to build there.
 *
 * @param parameters instead of the model's own weights: anything by the names and shapes of its parameters, such as
 *   gradients or an optimiser's moments
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
