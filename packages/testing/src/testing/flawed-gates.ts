import type { Traits } from '@polytask/components';
import { defineGate, linear, type GateBuilder } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { doubled } from './flawed-experts.ts';

/** Linear scores. Their columns differ from the start, as with `softmaxGate`. */
function scoresOf({ overExperts, unitDim, experts }: GateBuilder): (x: tf.Tensor) => tf.Tensor {
  const w = overExperts.weight('kernel', [unitDim, experts]);
  return (x) => linear(x, w);
}

/** exp(scores) / the sum over the visible experts. */
const masked = (scores: tf.Tensor, mask: tf.Tensor) => {
  const powers = tf.mul(tf.exp(scores), mask);
  return tf.div(powers, tf.sum(powers, -1, true));
};

/** What a flawed gate computes its weights from. */
interface Pass extends Pick<GateBuilder, 'mask' | 'experts' | 'members'> {
  readonly x: tf.Tensor;
  readonly scores: tf.Tensor;
  readonly training: boolean;
}

const around = (
  name: string,
  weightsOf: (pass: Pass) => tf.Tensor,
  { extra, traits = {} }: { extra?: (builder: GateBuilder) => void; traits?: Traits } = {},
) =>
  defineGate(
    `test.${name}`,
    (builder) => {
      const scores = scoresOf(builder);
      extra?.(builder);
      const { mask, experts, members } = builder;
      return {
        reads: 'unit',
        apply: (x, { training }) => weightsOf({ mask, experts, members, x, scores: scores(x), training }),
      };
    },
    { traits },
  );

export const soundGate = around('sound', ({ mask, scores }) => masked(scores, mask), { traits: { normalized: true } });

export const seesAll = around('sees-all', ({ scores }) => tf.softmax(scores));

/** The hidden weights are 0, but the sum that divides the weights includes the hidden scores. */
export const alive = around('alive', ({ mask, scores }) => tf.mul(tf.softmax(scores), mask));

export const sigmoids = around('sigmoids', ({ mask, scores }) => tf.mul(tf.sigmoid(scores), mask), {
  traits: { normalized: true },
});

export const overBatch = around('over-batch', ({ mask, scores, x }) => {
  const shares = tf.transpose(tf.softmax(tf.transpose(scores, [0, 2, 1])), [0, 2, 1]); // over the rows
  return tf.mul(tf.mul(shares, x.shape.at(-2)!), mask);
});

export const byPlace = around('by-place', ({ mask, experts, scores }) =>
  masked(tf.add(scores, tf.linspace(0, 1, experts)), mask),
);

export const unreachedGate = around('unreached', ({ mask, scores }) => masked(scores, mask), {
  extra: ({ overExperts, experts }) => void overExperts.bias('spare', experts),
});

export const wrongGateGradient = around('wrong-gradient', ({ mask, scores }) => masked(doubled(scores), mask));

export const ownGateChance = around('own-chance', ({ mask, scores, training }) =>
  masked(training ? tf.add(scores, tf.randomNormal(scores.shape)) : scores, mask),
);

export const sameStart = defineGate('test.same-start', ({ overExperts, experts, mask }) => {
  const weights = overExperts.bias('weights', experts);
  return { reads: 'nothing', apply: () => tf.mul(tf.sigmoid(weights), mask) };
});

export const forgetfulGate = defineGate('test.forgetful', (builder) => {
  const scores = scoresOf(builder);
  let passes = 0; // in training
  return {
    reads: 'unit',
    apply(x, { training }) {
      if (training) passes++;
      return masked(training ? scores(x) : tf.mul(scores(x), passes), builder.mask);
    },
  };
});

export const oneUnitLess = around('one-unit-less', ({ mask, members, scores }) => {
  const weights = masked(scores, mask);
  return members!.length === 1 ? tf.squeeze(weights, [0]) : weights;
});

export const readerGate = around('reader', ({ mask, scores, x }) =>
  tf.mul(masked(scores, mask), x.dataSync().length > 0 ? 1 : 2),
);

export const faintGate = around('faint', ({ mask, scores }) => tf.mul(masked(scores, mask), 1e-3));

export const keeperGate = around('keeper', ({ mask, scores }) => masked(tf.keep(scores), mask));

export const undefinedAtOne = around('undefined-at-one', ({ mask, scores, x }) =>
  tf.div(masked(scores, mask), tf.scalar(Math.min(1, x.shape.at(-2)! - 1))),
);
