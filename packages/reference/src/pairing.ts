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
