/** Numbers of a parameter of a Polytask model, `step` apart. */
export interface Run {
  readonly parameter: string;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/**
 * A tensor of the library's state dict, and where a Polytask model has its numbers: the runs, end to end, are the tensor
 * row-major. Both directions read the same runs, so that one undoes the other, bit for bit.
 */
export interface Pairing {
  /** In the state dict. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly runs: readonly Run[];
}

/** A member of a bank of affine maps: `path`.kernel [members, inputDim, width] and `path`.bias [members, 1, width]. */
export interface Member {
  readonly path: string;
  readonly member: number;
  readonly inputDim: number;
  readonly width: number;
}

/**
 * `nn.Linear`, weight [out, in] and bias [out], as a member of a bank.
 *
 * @param columns those of the member that the library has, in its order; all by default
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
 * The library's `MLP` as a member of a bank of `mlp(units)`. ReLUs stand between its affine maps, so these have the even
 * numbers.
 */
export const mlpLayers = (
  name: string,
  path: string,
  member: number,
  inputDim: number,
  units: readonly number[],
): Pairing[] =>
  units.flatMap((width, layer) =>
    linear(`${name}.mlp_net.${2 * layer}`, {
      path: `${path}.${layer}`,
      member,
      inputDim: layer === 0 ? inputDim : units[layer - 1]!,
      width,
    }),
  );

/** Row `row` of a parameter whose rows have `width` numbers: `length` of them from `from` on. */
export const rowOf = (parameter: string, row: number, width: number, from = 0, length = width): Run => ({
  parameter,
  start: row * width + from,
  step: 1,
  length,
});

/** 0 … length − 1 */
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
