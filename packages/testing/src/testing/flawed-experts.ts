import { defineExpert, linear, type Expert, type ExpertBuilder } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

const WIDTH = 4;

/** tanh(x W + b), without a flaw. */
function sound({ inputDim, weight, bias }: ExpertBuilder): Expert {
  const w = weight('kernel', [inputDim, WIDTH]);
  const b = bias('bias', WIDTH);
  return { outputDim: WIDTH, apply: (x) => tf.tanh(linear(x, w, b)) };
}

/** y, with a gradient that is twice too large. */
export const doubled = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => tf.mul(dy, 2) }));

const around = (name: string, flawed: (y: tf.Tensor, training: boolean, members: number) => tf.Tensor) =>
  defineExpert(`test.${name}`, (builder) => {
    const { outputDim, apply } = sound(builder);
    return { outputDim, apply: (x, call) => flawed(apply(x, call), call.training, builder.members?.length ?? 1) };
  });

export const soundExpert = defineExpert('test.sound', sound);

/** It says that it starts alike from every seed. */
export const fixedStart = defineExpert('test.fixed-start', sound, { traits: { fixedStart: true } });

/** An expert that also reads the network's input, without a flaw. */
export const rawReader = defineExpert('test.raw-reader', (builder) => {
  const { outputDim, apply } = sound(builder);
  return { outputDim, apply: (x, call) => tf.add(apply(x, call), tf.mean(call.raw, 1, true)) };
});

export const sharedStart = defineExpert('test.shared-start', (builder) => {
  const { inputDim, random, weight } = builder;
  const start = random('start').normal(inputDim * WIDTH); // the same for all members
  const w = weight('kernel', [inputDim, WIDTH], () => start);
  return { outputDim: WIDTH, apply: (x) => tf.tanh(linear(x, w)) };
});

export const chanceStart = defineExpert('test.chance-start', ({ inputDim, weight }) => {
  const w = weight('kernel', [inputDim, WIDTH], ([rows, columns]) =>
    Float32Array.from({ length: rows! * columns! }, () => Math.random() - 0.5),
  );
  return { outputDim: WIDTH, apply: (x) => tf.tanh(linear(x, w)) };
});

export const unreached = defineExpert('test.unreached', (builder) => {
  builder.child('spare').weight('kernel', [2, 2]);
  return sound(builder);
});

export const keeper = around('keeper', (y, training) => {
  if (!training) tf.keep(tf.scalar(1));
  return y;
});

export const builtLeak = defineExpert('test.built-leak', (builder) => {
  const factor = tf.scalar(2);
  const { outputDim, apply } = sound(builder);
  return { outputDim, apply: (x, call) => tf.mul(apply(x, call), factor) };
});

export const wrongGradient = around('wrong-gradient', (y) => doubled(y));

export const ownChance = around('own-chance', (y, training) =>
  training ? tf.mul(y, tf.randomUniform(y.shape, 0.5, 1)) : y,
);

export const mixing = around('mixing', (y) => tf.sub(y, tf.mul(tf.mean(y, 0, true), 0.5)));

/** Outputs less their mean over the batch, when not training. */
export const rowMixing = around('row-mixing', (y, training) => (training ? y : tf.sub(y, tf.mean(y, -2, true))));

export const fiveAtMost = around('five-at-most', (y, _, members) => {
  if (members > 5) throw new Error('no place for more than five');
  return y;
});

export const neverAlone = around('never-alone', (y, _, members) =>
  members === 1 && y.rank === 3 ? tf.squeeze(y, [0]) : y,
);

export const forgetful = defineExpert('test.forgetful', (builder) => {
  const { outputDim, apply } = sound(builder);
  let passes = 0; // in training
  return {
    outputDim,
    apply(x, call) {
      if (call.training) passes++;
      return call.training ? apply(x, call) : tf.mul(apply(x, call), 1 + passes);
    },
  };
});

export const reader = around('reader', (y) => tf.mul(y, y.dataSync().length > 0 ? 1 : 2));

export const faint = around('faint', (y) => tf.mul(y, 1e-4));

export const liar = defineExpert('test.liar', (builder) => ({ ...sound(builder), outputDim: WIDTH + 1 }));

export const undefinedForOne = around('undefined-for-one', (y) =>
  tf.div(y, tf.scalar(Math.min(1, y.shape.at(-2)! - 1))),
);
