import * as tf from '@tensorflow/tfjs';
import { defineExpert, linear, type ExpertBuilder, type ExpertSpec, type GateSpec } from '@polytask/core';
import { layerExpert, linearExpert, mlp } from '@polytask/experts';
import { constantGate, identityGate, softmaxGate, sum } from '@polytask/gating';

/** Every kind of expert, of width 4. */
export const EXPERTS: Readonly<Record<string, ExpertSpec>> = {
  linear: linearExpert({ units: 4 }),
  mlp: mlp([5, 4], { activation: 'tanh' }),
  'mlp with norm and dropout': mlp([4], { activation: 'tanh', norm: 'batch', dropout: 0.1 }),
  'tf-layer': layerExpert(tf.layers.dense({ units: 4, activation: 'tanh' })),
};

/** Every kind of gate. */
export const GATES: Readonly<Record<string, GateSpec>> = {
  softmax: softmaxGate(),
  'softmax on the raw input': softmaxGate({ reads: 'raw', temperature: 2 }),
  'softmax with a hidden layer': softmaxGate({ hidden: [4], activation: 'tanh' }),
  constant: constantGate(),
  identity: identityGate(),
  sum: sum(softmaxGate({ reads: 'raw' }), constantGate({ init: 'even' })),
};

const build = ({ inputDim, weight, bias }: ExpertBuilder) => {
  const w = weight('kernel', [inputDim, 4]);
  const b = bias('bias', 4);
  return { outputDim: 4, apply: (x: tf.Tensor) => tf.tanh(linear(x, w, b)) };
};

/** One expert twice: as a bank, and one after the other. */
export const banked = defineExpert('test-banked', build);
export const looped = defineExpert('test-looped', build, { bankable: false });
