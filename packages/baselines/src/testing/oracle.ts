import type { MultiTaskModel } from '@polytask/core';
import { expect } from 'vitest';
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

/** Member m's x W + b, from a bank of linear experts at `path`. */
export function linearLayer(model: MultiTaskModel, path: string, m: number, x: Rows): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[m]!;
  const bias = model.store.has(`${path}.bias`) ? read<Rows[]>(model, `${path}.bias`)[m]![0]! : kernel[0]!.map(() => 0);
  return affine(x, kernel, bias);
}

/** Rows one beside the other. */
export const beside = (...parts: readonly Rows[]): Rows => parts[0]!.map((_, r) => parts.flatMap((rows) => rows[r]!));

/** Σ_i w_i x_i, the same weights for all rows. */
export const mix = (weights: readonly number[], parts: readonly Rows[]): Rows =>
  parts[0]!.map((row, r) => row.map((_, c) => weights.reduce((sum, weight, i) => sum + weight * parts[i]![r]![c]!, 0)));

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Unit u's mask at `path`, over the features of expert e of `experts`: one hidden layer of relu. */
export function maskOf(model: MultiTaskModel, path: string, u: number, x: Rows, experts = 1, e = 0): Rows {
  const layer = (name: string, input: Rows) =>
    affine(input, read<Rows[]>(model, `${path}${name}.kernel`)[u]!, read<Rows[]>(model, `${path}${name}.bias`)[u]![0]!);
  const hidden = layer('.hidden0', x).map((row) => row.map((value) => Math.max(0, value)));
  return layer('', hidden).map((row) => row.filter((_, i) => i % experts === e).map(sigmoid));
}

/** The numbers of two records by task, equal to five digits. */
export function agree(got: Readonly<Record<string, readonly number[]>>, wanted: Readonly<Record<string, readonly number[]>>): void {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [task, values] of Object.entries(got)) values.forEach((value, i) => expect(value, task).toBeCloseTo(wanted[task]![i]!, 5));
}
