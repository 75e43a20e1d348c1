import { defineGate, linear, type Gate, type GateBuilder } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** Scores that are sure to have two unlike columns at the start, as `softmaxGate` makes them. */
function scoresOf({ overExperts, unitDim, experts }: GateBuilder): (x: tf.Tensor) => tf.Tensor {
  const w = overExperts.weight('kernel', [unitDim, experts]);
  return (x) => linear(x, w);
}

/** exp(scores) over the sum of the visible ones'. */
const masked = (scores: tf.Tensor, mask: tf.Tensor) => {
  const powers = tf.mul(tf.exp(scores), mask);
  return tf.div(powers, tf.sum(powers, -1, true));
};

const around = (name: string, build: (builder: GateBuilder, scores: (x: tf.Tensor) => tf.Tensor) => Gate['apply']) =>
  defineGate(`test.${name}`, (builder) => ({ reads: 'unit', apply: build(builder, scoresOf(builder)) }));

export const soundGate = around(
  'sound',
  ({ mask }, scores) =>
    (x) =>
      masked(scores(x), mask),
);

export const seesAll = around('sees-all', (_, scores) => (x) => tf.softmax(scores(x)));

/** Hidden weights are 0, but what they are divided by depends on the hidden scores. */
export const alive = around(
  'alive',
  ({ mask }, scores) =>
    (x) =>
      tf.mul(tf.softmax(scores(x)), mask),
);

export const sigmoids = around(
  'sigmoids',
  ({ mask }, scores) =>
    (x) =>
      tf.mul(tf.sigmoid(scores(x)), mask),
);

export const overBatch = around('over-batch', ({ mask }, scores) => (x) => {
  const shares = tf.transpose(tf.softmax(tf.transpose(scores(x), [0, 2, 1])), [0, 2, 1]); // over the rows
  return tf.mul(tf.mul(shares, x.shape.at(-2)!), mask);
});

export const byPlace = around(
  'by-place',
  ({ mask, experts }, scores) =>
    (x) =>
      masked(tf.add(scores(x), tf.linspace(0, 1, experts)), mask),
);

export const unreachedGate = around('unreached', (builder, scores) => {
  builder.overExperts.bias('spare', builder.experts);
  return (x) => masked(scores(x), builder.mask);
});

const doubled = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => tf.mul(dy, 2) }));

export const wrongGateGradient = around(
  'wrong-gradient',
  ({ mask }, scores) =>
    (x) =>
      masked(doubled(scores(x)), mask),
);

export const ownGateChance = around('own-chance', ({ mask }, scores) => (x, { training }) => {
  const all = scores(x);
  return masked(training ? tf.add(all, tf.randomNormal(all.shape)) : all, mask);
});

export const sameStart = defineGate('test.same-start', ({ overExperts, experts, mask }) => {
  const weights = overExperts.bias('weights', experts);
  return { reads: 'nothing', apply: () => tf.mul(tf.sigmoid(weights), mask) };
});

export const forgetfulGate = around('forgetful', ({ mask }, scores) => {
  let trained = 0;
  return (x, { training }) => {
    if (training) trained++;
    return masked(training ? scores(x) : tf.mul(scores(x), trained), mask);
  };
});

export const oneUnitLess = around('one-unit-less', ({ mask, members }, scores) => (x) => {
  const weights = masked(scores(x), mask);
  return members!.length === 1 ? tf.squeeze(weights, [0]) : weights;
});

export const readerGate = around(
  'reader',
  ({ mask }, scores) =>
    (x) =>
      tf.mul(masked(scores(x), mask), x.dataSync().length > 0 ? 1 : 2),
);

export const faintGate = around(
  'faint',
  ({ mask }, scores) =>
    (x) =>
      tf.mul(masked(scores(x), mask), 1e-3),
);

export const keeperGate = around(
  'keeper',
  ({ mask }, scores) =>
    (x) =>
      masked(tf.keep(scores(x)), mask),
);

export const undefinedAtOne = around(
  'undefined-at-one',
  ({ mask }, scores) =>
    (x) =>
      tf.div(masked(scores(x), mask), tf.scalar(Math.min(1, x.shape.at(-2)! - 1))),
);
