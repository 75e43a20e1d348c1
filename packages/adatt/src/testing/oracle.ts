import type { MultiTaskModel } from '@polytask/core';
import { read, tinyRows } from './tiny.ts';

// The arithmetic of the papers in plain loops over lists, to compare the models with.

export type Rows = number[][];

/** x W + b. */
export const affine = (x: Rows, w: Rows, b: readonly number[]): Rows =>
  x.map((row) => b.map((bias, o) => row.reduce((sum, value, i) => sum + value * w[i]![o]!, bias)));

export const softmax = (scores: readonly number[]): number[] => {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

/** Member m's tanh(x W + b), from the bank at `path`. */
export function tanhLayer(model: MultiTaskModel, path: string, m: number, x: Rows): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[m]!;
  const bias = read<Rows[]>(model, `${path}.bias`)[m]![0]!;
  return affine(x, kernel, bias).map((row) => row.map(Math.tanh));
}

/** Unit u's softmax gate at `path`, over the experts for which `sees` is true; 0 for the others. [row][expert] */
export function gateOf(model: MultiTaskModel, path: string, u: number, x: Rows, sees: (expert: number) => boolean = () => true): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[u]!;
  const bias = read<Rows[]>(model, `${path}.bias`)[u]![0]!;
  return affine(x, kernel, bias).map((scores) => softmax(scores.map((score, e) => (sees(e) ? score : -Infinity))));
}

/** f = w E for each row: Σ_e w_e E_e. [row][expert], [expert][row][width] → [row][width] */
export const fuse = (weights: Rows, experts: readonly Rows[]): Rows =>
  weights.map((w, row) =>
    experts[0]![row]!.map((_, column) => w.reduce((sum, weight, e) => sum + weight * experts[e]![row]![column]!, 0)),
  );

/** The logits of the linear heads on the tasks' vectors. */
export const heads = (model: MultiTaskModel, vectors: readonly Rows[]): Record<string, number[]> =>
  Object.fromEntries(
    model.taskNames.map((name, t) => [
      name,
      affine(vectors[t]!, read<Rows[]>(model, 'heads.kernel')[t]!, read<Rows[]>(model, 'heads.bias')[t]![0]!).flat(),
    ]),
  );

/** The network's input: what `tinyRows` gives. */
export const inputOf = (size: number): Rows => tinyRows(size).map(({ x }) => x);
