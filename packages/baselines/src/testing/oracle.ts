import { labelsOf, type MultiTaskModel } from '@polytask/core';
import { plain, read, tinyBatch, tinyRows } from '@polytask/testing';

// Plain-loop arithmetic that the related architectures need beyond the conformance kit's.

const { affine, sigmoid, tanhLayer } = plain;
type Rows = plain.Rows;

/** Member m's x W + b, from a bank of linear experts at `path`. */
export function linearLayer(model: MultiTaskModel, path: string, m: number, x: Rows): Rows {
  const kernel = read<Rows[]>(model, `${path}.kernel`)[m]!;
  return affine(x, kernel, model.store.has(`${path}.bias`) ? read<Rows[]>(model, `${path}.bias`)[m]![0]! : undefined);
}

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

/** What a counterfactual loss reads of one row at one step of a funnel. */
export interface FunnelRow {
  /** o, the label of the previous step. */
  readonly reached: number;
  /** ô */
  readonly propensity: number;
  readonly label: number;
  /** r̂ */
  readonly chance: number;
  /** The logit of the step's auxiliary head; NaN without one. */
  readonly auxiliary: number;
}

/** The rows of `tinyBatch(model, 16)` at each step after the first, of a model of tasks a, b, c with one tanh level and no tower. */
export function funnelRows(model: MultiTaskModel, funnel: readonly string[]): FunnelRow[][] {
  const batch = tinyBatch(model, 16);
  const [kernel, bias] = [read<Rows[]>(model, 'heads.kernel'), read<Rows[]>(model, 'heads.bias')];
  const logits = (head: number, task: string) =>
    affine(
      tanhLayer(model, 'levels.0.experts.0', 'abc'.indexOf(task), tinyRows(16)),
      kernel[head]!,
      bias[head]![0]!,
    ).flat();
  const chances = funnel.map((task) => logits('abc'.indexOf(task), task).map(sigmoid));
  return funnel.slice(1).map((task, i) => {
    const auxiliary = kernel[3 + i] ? logits(3 + i, task) : [];
    return Array.from({ length: 16 }, (_, r) => ({
      reached: labelsOf(batch, funnel[i]!).labels[r]!,
      propensity: chances.slice(0, i + 1).reduce((product, each) => product * each[r]!, 1),
      label: labelsOf(batch, task).labels[r]!,
      chance: chances[i + 1]![r]!,
      auxiliary: auxiliary[r] ?? NaN,
    }));
  });
}

/** −log of the probability that a prediction gives to a label. */
export const logLossOf = (chance: number, label: number): number => -Math.log(label === 1 ? chance : 1 - chance);
