import { recordOf } from '@polytask/components';
import { PolytaskError, type NamedTensor } from '@polytask/core';
import { tensorFaults } from '@polytask/core/internal';

/** Numbers of a parameter of a Polytask model. Their distance in the row-major array is `step`. */
export interface Run {
  readonly parameter: string;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** A tensor of the library's state dict, and the runs of a Polytask model that are its numbers in row-major order. */
export interface Pairing {
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

/** `nn.Linear` as a member of a bank. @param columns those that the library has, in its order */
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

/** The library's `MLP` as a member of banks. Its affine maps have even indices, as it counts the ReLUs between them. */
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

export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** Tensors by name: a state dict, or the parameters of a Polytask model. */
export type NamedTensors = Readonly<Record<string, NamedTensor>>;

/** The parameters from a state dict; 0 where it has none. @throws PolytaskError that lists every tensor that doesn't fit */
export function toParameters(
  pairings: readonly Pairing[],
  tensors: NamedTensors,
  shapes: ReadonlyMap<string, readonly number[]>,
): Record<string, NamedTensor> {
  const expected = Object.fromEntries(pairings.map(({ name, shape }) => [name, shape]));
  const errors = tensorFaults(expected, tensors, 'float32');
  if (errors.length > 0)
    throw new PolytaskError(
      `The state dict doesn't fit its configuration: ${errors.join('; ')}. ` +
        'Give the configuration that the checkpoint was trained with, and all of its tensors and no others.',
    );
  const parameters = recordOf(shapes.keys(), (name) => emptyTensor(shapes.get(name)!));
  for (const pairing of pairings) {
    const { data } = tensors[pairing.name]!;
    forEachNumber(pairing, (parameter, at, i) => (parameters[parameter]!.data[at] = data[i]!));
  }
  return parameters;
}

const emptyTensor = (shape: readonly number[]) => {
  const size = shape.reduce((product, side) => product * side, 1);
  return { dtype: 'float32', shape, data: new Float32Array(size) } as const;
};

/** Calls `visit` for each number of a tensor, with its parameter, its place in the parameter and its place in the tensor. */
function forEachNumber({ runs }: Pairing, visit: (parameter: string, at: number, i: number) => void): void {
  let i = 0;
  for (const { parameter, start, step, length } of runs)
    for (let j = 0; j < length; j++) visit(parameter, start + j * step, i++);
}

export function toStateDict(pairings: readonly Pairing[], parameters: NamedTensors): Record<string, NamedTensor> {
  const entries = pairings.map((pairing): [string, NamedTensor] => {
    const tensor = emptyTensor(pairing.shape);
    forEachNumber(pairing, (parameter, at, i) => (tensor.data[i] = parameters[parameter]!.data[at]!));
    return [pairing.name, tensor];
  });
  return Object.fromEntries(entries);
}
