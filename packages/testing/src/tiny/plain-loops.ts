import { recordOf, sum } from '@polytask/components';
import type { MultiTaskModel } from '@polytask/core';
import type { TinyLevel } from './tiny-level.ts';
import { read } from './tiny-model.ts';

// The equations of the papers in plain loops over lists. Tests compare models, experts and gates with them.

export type Rows = number[][];

/** x W, or x W + b. [rows][in], [in][out], [out] → [rows][out] */
export const affine = (x: Rows, w: Rows, b?: readonly number[]): Rows =>
  x.map((row) => w[0]!.map((_, o) => row.reduce((sum, value, i) => sum + value * w[i]![o]!, b?.[o] ?? 0)));

/** Applies f to each number. */
export const each = (x: Rows, f: (value: number) => number): Rows => x.map((row) => row.map(f));

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export const softmax = (scores: readonly number[]): number[] => {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = sum(powers);
  return powers.map((power) => power / total);
};

/** tanh(x W + b) with the parameters of member m of the bank at `path`. */
export function tanhLayer(model: MultiTaskModel, path: string, m: number, x: Rows): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[m]!;
  const bias = read<Rows[]>(model, `${path}.bias`)[m]![0]!;
  return affine(x, kernel, bias).map((row) => row.map(Math.tanh));
}

/** Unit u's softmax gate at `path`, over the experts for which `sees` is true. The other experts have 0. [row][expert] */
export function gateOf(
  model: MultiTaskModel,
  path: string,
  u: number,
  x: Rows,
  sees: (expert: number) => boolean = () => true,
): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[u]!;
  const bias = read<Rows[]>(model, `${path}.bias`)[u]![0]!;
  return affine(x, kernel, bias).map((scores) => softmax(scores.map((score, e) => (sees(e) ? score : -Infinity))));
}

/** Σ_e w_e E_e for each row. [row or 1][expert], [expert][row][width] → [row][width] */
export const fuse = (weights: Rows, experts: readonly Rows[]): Rows =>
  experts[0]!.map((first, row) =>
    first.map((_, column) =>
      sum(experts, (expert, e) => weights[weights.length === 1 ? 0 : row]![e]! * expert[row]![column]!),
    ),
  );

/** The logits of the linear heads by task. The vectors are [task][row][width]. */
export const heads = (model: MultiTaskModel, vectors: readonly Rows[]): Record<string, number[]> =>
  recordOf(model.taskNames, (_, t) =>
    affine(vectors[t]!, read<Rows[]>(model, 'heads.kernel')[t]!, read<Rows[]>(model, 'heads.bias')[t]![0]!).flat(),
  );

/** The outputs of the experts of a {@link TinyLevel}, [expert][row][width]. */
export function expertOutputs({ level, vectors, read: readLevel }: TinyLevel): Rows[] {
  const kernels = readLevel('l.experts.kernel') as number[][][];
  const biases = readLevel('l.experts.bias') as number[][][];
  return level.experts.map(({ unit }, e) =>
    affine(vectors[unit]!, kernels[e]!, biases[e]![0]!).map((row) => row.map(Math.tanh)),
  );
}
