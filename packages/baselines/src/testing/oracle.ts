import type { MultiTaskModel } from '@polytask/core';
import { plain, read } from '@polytask/testing';

// Plain-loop arithmetic that the related architectures need beyond the conformance kit's.

const { affine, sigmoid } = plain;
type Rows = plain.Rows;

/** Member m's x W + b, from a bank of linear experts at `path`. */
export function linearLayer(model: MultiTaskModel, path: string, m: number, x: Rows): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[m]!;
  return affine(x, kernel, model.store.has(`${path}.bias`) ? read<Rows[]>(model, `${path}.bias`)[m]![0]! : undefined);
}

/** Concatenates rows. */
export const beside = (...parts: readonly Rows[]): Rows => parts[0]!.map((_, r) => parts.flatMap((rows) => rows[r]!));

/** Σ_i w_i x_i, with the same weights for all rows. */
export const mix = (weights: readonly number[], parts: readonly Rows[]): Rows =>
  parts[0]!.map((row, r) => row.map((_, c) => weights.reduce((sum, weight, i) => sum + weight * parts[i]![r]![c]!, 0)));

/** Unit u's mask at `path`, over the features of expert e of `experts`: one hidden layer of relu. */
export function maskOf(model: MultiTaskModel, path: string, u: number, x: Rows, experts = 1, e = 0): Rows {
  const layer = (name: string, input: Rows) =>
    affine(input, read<Rows[]>(model, `${path}${name}.kernel`)[u]!, read<Rows[]>(model, `${path}${name}.bias`)[u]![0]!);
  const hidden = layer('.hidden0', x).map((row) => row.map((value) => Math.max(0, value)));
  return layer('', hidden).map((row) => row.filter((_, i) => i % experts === e).map(sigmoid));
}
