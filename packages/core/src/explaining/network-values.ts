import { sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { networkExplainer } from '../fusion/network.ts';
import type { NetworkExplainer } from '../fusion/own-rules.ts';
import { callOn } from '../layers/layer.ts';
import { logitsByTask } from '../model/heads.ts';
import type { MultiTaskModel } from '../model/model.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { ExplainedRow, Explaining } from './explaining.ts';
import { taskScale } from './explained-scale.ts';

/** The function that explains a model by a rule of its network. It needs scales that are affine functions of logits, as those of links are. */
export const explainerOf = <T extends Tasks>({ config, schema }: MultiTaskModel<T>): NetworkExplainer | undefined =>
  Object.values(schema.tasks).every((task) => taskScale(task, 1).scale !== 'prediction')
    ? networkExplainer(config.network)
    : undefined;

/** The explanation that a network gives itself: each number of a task's vector, plus the bias of its head, is a logit. */
export async function byNetwork(explaining: Explaining, explain: NetworkExplainer) {
  const { model, features, scales, rows, background, signal } = explaining;
  const { taskNames, network, config } = model;
  const names = features.map(({ name }) => name);
  const byTask = await explain({
    config: config.network.config,
    model,
    rows,
    background: background?.batch,
    features: names,
    signal,
  });
  const biases = tf.tidy(() => {
    const raw = tf.zeros([1, network.outputDim]) as tf.Tensor2D;
    const { call } = callOn({ raw }, {});
    const logits = logitsByTask(model.heads(new Map(taskNames.map((task) => [task, raw])), call), taskNames);
    return taskNames.map((task) => logits[task]!.dataSync());
  });
  const numbers = taskNames.map((task, t) => {
    const outputs = biases[t]!.length;
    const [zeros, ones] = [0, 1].map((z) => scales[t]!.of(new Float64Array(outputs).fill(z), outputs));
    return (r: number) =>
      Array.from(biases[t]!, (bias, i) => {
        const at = r * network.outputDim + i;
        const slope = ones![i]! - zeros![i]!;
        const own = byTask[task]!.contributions.subarray(at * names.length, (at + 1) * names.length);
        const contributions = own.map((each) => each * slope);
        const base = zeros![i]! + slope * (bias + byTask[task]!.base[at]!);
        return { base, contributions, value: base + sum(contributions) };
      });
  });
  const explained = Array.from({ length: rows.size }, (_, r): ExplainedRow => numbers.map((of) => of(r)));
  return { method: 'trees' as const, explained };
}
