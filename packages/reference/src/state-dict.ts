import { PolytaskError, type NamedTensor } from '@polytask/core';
import type { Pairing } from './pairing.ts';

/** Tensors by name: a state dict, or the parameters of a Polytask model. */
export type NamedTensors = Readonly<Record<string, NamedTensor>>;

/**
 * The parameters of a Polytask model from a state dict.
 *
 * @param shapes of all parameters of the model. Numbers that the library doesn't have are 0
 * @throws PolytaskError that lists every missing, extra and misshapen tensor
 */
export function toParameters(
  pairings: readonly Pairing[],
  tensors: NamedTensors,
  shapes: ReadonlyMap<string, readonly number[]>,
): Record<string, NamedTensor> {
  checkStateDict(pairings, tensors);
  const arrays = new Map([...shapes].map(([name, shape]) => [name, new Float32Array(size(shape))]));
  for (const { name, runs } of pairings) {
    const { data } = tensors[name]!;
    let i = 0;
    for (const { parameter, start, step, length } of runs) {
      const target = arrays.get(parameter)!;
      for (let j = 0; j < length; j++) target[start + j * step] = data[i++]!;
    }
  }
  return Object.fromEntries(
    [...shapes].map(([name, shape]) => [name, { dtype: 'float32', shape, data: arrays.get(name)! }]),
  );
}

/** The state dict of the parameters of a Polytask model. */
export function toStateDict(pairings: readonly Pairing[], parameters: NamedTensors): Record<string, NamedTensor> {
  const entries = pairings.map(({ name, shape, runs }): [string, NamedTensor] => {
    const data = new Float32Array(size(shape));
    let i = 0;
    for (const { parameter, start, step, length } of runs) {
      const source = parameters[parameter]!.data;
      for (let j = 0; j < length; j++) data[i++] = source[start + j * step]!;
    }
    return [name, { dtype: 'float32', shape, data }];
  });
  return Object.fromEntries(entries);
}

function checkStateDict(pairings: readonly Pairing[], tensors: NamedTensors): void {
  const errors: string[] = [];
  const names = new Set(pairings.map(({ name }) => name));
  for (const { name, shape } of pairings) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) errors.push(`missing "${name}" [${shape}]`);
    else if (tensor.dtype !== 'float32') errors.push(`"${name}" is ${tensor.dtype}, not float32`);
    else if (tensor.shape.join() !== shape.join()) errors.push(`"${name}" is [${tensor.shape}], not [${shape}]`);
  }
  for (const name of Object.keys(tensors)) if (!names.has(name)) errors.push(`unknown "${name}"`);
  if (errors.length === 0) return;
  throw new PolytaskError(
    `The state dict doesn't fit its configuration: ${errors.join('; ')}. ` +
      'Give the configuration that the checkpoint was trained with, and all of its tensors and no others.',
  );
}

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
