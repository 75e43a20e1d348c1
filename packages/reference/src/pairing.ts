import { PolytaskError, type NamedTensor } from '@polytask/core';

/** Numbers of a parameter of a Polytask model. Their distance in the row-major array is `step`. */
export interface Run {
  readonly parameter: string;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/**
 * A tensor of the library's state dict, and the runs of a Polytask model that hold its numbers. The concatenated runs are
 * the tensor in row-major order. Both directions of the conversion use the same runs, so a round trip is exact.
 */
export interface Pairing {
  /** The name in the state dict. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly runs: readonly Run[];
}

/** A member of a bank of affine maps: `path`.kernel [members, inputDim, width] and `path`.bias [members, 1, width]. */
interface Member {
  readonly path: string;
  readonly member: number;
  readonly inputDim: number;
  readonly width: number;
}

/**
 * `nn.Linear`, weight [out, in] and bias [out], as a member of a bank.
 *
 * @param columns the member's columns that the library has, in the library's order. Default: all
 */
export function linear(name: string, { path, member, inputDim, width }: Member, columns = range(width)): Pairing[] {
  const kernel = { parameter: `${path}.kernel`, step: width, length: inputDim };
  const bias = { parameter: `${path}.bias`, step: 1, length: 1 };
  return [
    {
      name: `${name}.weight`,
      shape: [columns.length, inputDim],
      runs: columns.map((column) => ({ ...kernel, start: member * inputDim * width + column })),
    },
    {
      name: `${name}.bias`,
      shape: [columns.length],
      runs: columns.map((column) => ({ ...bias, start: member * width + column })),
    },
  ];
}

/**
 * The library's `MLP` as a member of banks of affine maps. The library counts the ReLUs between them, so the affine maps
 * have even indices.
 *
 * @param pathOf the path of the bank of a layer
 */
export const mlpLayers = (
  name: string,
  pathOf: (layer: number) => string,
  member: number,
  inputDim: number,
  units: readonly number[],
): Pairing[] =>
  units.flatMap((width, layer) =>
    linear(`${name}.mlp_net.${2 * layer}`, {
      path: pathOf(layer),
      member,
      inputDim: layer === 0 ? inputDim : units[layer - 1]!,
      width,
    }),
  );

/** `length` numbers from column `from` of a row of a parameter [rows, width]. Default: the whole row. */
export const rowOf = (parameter: string, row: number, width: number, from = 0, length = width): Run => ({
  parameter,
  start: row * width + from,
  step: 1,
  length,
});

/** 0 … length − 1 */
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

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
