import { sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkExplainer } from '../fusion/own-rules.ts';
import { callOn } from '../layers/layer.ts';
import { logitsByTask } from '../model/heads.ts';
import type { ExplainedRow, Explaining } from './explaining.ts';

/** The explanation that a network gives itself: each number of a task's vector, plus the bias of its head, is a logit. */
export async function byNetwork(explaining: Explaining, explain: NetworkExplainer) {
  const { model, features, scales, rows, background } = explaining;
  const { taskNames, network, config } = model;
  const names = features.map(({ name }) => name);
  const byTask = await explain({ config: config.network.config, model, rows, background, features: names });
  const biases = tf.tidy(() => {
    const raw = tf.zeros([1, network.outputDim]) as tf.Tensor2D;
    const { call } = callOn({ raw }, {});
    const logits = logitsByTask(model.heads(new Map(taskNames.map((task) => [task, raw])), call), taskNames);
    return taskNames.map((task) => logits[task]!.dataSync());
  });
  const explained = Array.from({ length: rows.size }, (_, r): ExplainedRow =>
    taskNames.map((task, t) => {
      const { base, contributions } = byTask[task]!;
      const { of } = scales[t]!;
      const outputs = biases[t]!.length;
      const numbers = Array.from(biases[t]!, (bias, i) => {
        const at = r * network.outputDim + i;
        return { start: bias + base[at]!, own: contributions.subarray(at * names.length, (at + 1) * names.length) };
      });
      const bases = of(
        numbers.map(({ start }) => start),
        outputs,
      );
      const values = of(
        numbers.map(({ start, own }) => start + sum(own)),
        outputs,
      );
      const [zeros, ones] = [0, 1].map((z) =>
        of(
          numbers.map(() => z),
          outputs,
        ),
      ); // a scale of logits is affine
      return numbers.map(({ own }, i) => ({
        ...{ base: bases[i]!, value: values[i]! },
        contributions: own.map((each) => each * (ones![i]! - zeros![i]!)),
      }));
    }),
  );
  return { method: 'trees' as const, explained };
}
