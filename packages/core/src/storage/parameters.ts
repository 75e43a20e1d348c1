import { PolytaskError } from '../errors/errors.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from './safetensors.ts';

/**
 * Copies all parameters of a store to named arrays, including running statistics.
 *
 * @example const tensors = await readParameters(model.store);
 */
export async function readParameters(store: ParameterStore): Promise<Record<string, NamedTensor>> {
  const entries = store.all().map(async ({ name, variable }): Promise<[string, NamedTensor]> => {
    const data = await variable.data<'float32'>();
    return [name, { dtype: 'float32', shape: variable.shape, data: Float32Array.from(data) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * Sets the parameters of a store to the tensors with the same names. On an error, no parameter changes.
 *
 * @param what the tensors, as error messages name them
 * @throws PolytaskError that lists every missing, unknown and misshapen tensor
 * @example writeParameters(model.store, tensors, 'the checkpoint')
 */
export function writeParameters(
  store: ParameterStore,
  tensors: Readonly<Record<string, NamedTensor>>,
  what: string,
): void {
  const wrong: string[] = [];
  for (const { name, variable } of store.all()) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) wrong.push(`missing "${name}" [${variable.shape}]`);
    else if (tensor.dtype !== 'float32') wrong.push(`"${name}" is ${tensor.dtype}, not float32`);
    else if (tensor.shape.join() !== variable.shape.join()) {
      wrong.push(`"${name}" is [${tensor.shape}], not [${variable.shape}]`);
    }
  }
  for (const name of Object.keys(tensors)) if (!store.has(name)) wrong.push(`unknown "${name}"`);
  if (wrong.length > 0) {
    throw new PolytaskError(
      `${what} doesn't fit the model: ${wrong.join('; ')}. Load it into the model that it was saved from.`,
    );
  }
  tf.tidy(() => {
    for (const { name, variable } of store.all()) {
      variable.assign(tf.tensor(tensors[name]!.data, variable.shape, 'float32'));
    }
  });
}
