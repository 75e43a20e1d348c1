import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { multiTaskModel, denseSchema, binary, defineNetwork, fusion, ownUnits, defineGate } from '@polytask/core';
import { layerExpert } from './layer-expert.ts';
const id = defineGate('one', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const net = defineNetwork<{ experts: any }>('st', ({ experts }, tasks) => fusion([{ units: ownUnits(tasks), experts, outputs: tasks, weights: id({ sees: 'own' }) }]));
const cases: Record<string, () => tf.layers.Layer> = {
  dense: () => tf.layers.dense({ units: 4, activation: 'selu' }),
  bn: () => tf.layers.batchNormalization(),
  dropout: () => tf.layers.dropout({ rate: 0.5 }),
  prelu: () => tf.layers.prelu(),
  ln: () => tf.layers.layerNormalization(),
  gn: () => tf.layers.gaussianNoise({ stddev: 1 }),
  seq: () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [5] }), tf.layers.batchNormalization(), tf.layers.dropout({ rate: 0.5 }), tf.layers.dense({ units: 3 })] }),
  seq2: () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [6] })] }),
  seq3: () => tf.sequential({ layers: [tf.layers.dense({ units: 4 })] }),
  flat: () => tf.layers.flatten(),
  model: () => { const x = tf.input({ shape: [5] }); const h = tf.layers.dense({ units: 5 }).apply(x) as any; return tf.model({ inputs: x, outputs: tf.layers.add().apply([x, h]) as any }); },
};
for (const [k, make] of Object.entries(cases)) it(k, () => {
  const before = tf.memory().numTensors;
  const l = make();
  const l0 = tf.memory().numTensors;
  const m = multiTaskModel({ schema: denseSchema(5, { a: binary(), b: binary() }), network: net({ experts: layerExpert(l) }), seed: 3 });
  console.log(k, m.store.all().map(p => `${p.name}[${p.variable.shape}]${p.trainable}`).join(' '), before, l0, tf.memory().numTensors, m.store.all().length);
  const x = tf.randomNormal([8, 5]);
  const f: any = { numeric: x, ids: tf.zeros([8, 0], 'int32'), bagIds: tf.zeros([8, 0], 'int32'), bagWeights: tf.zeros([8, 0]), labels: { a: tf.ones([8]), b: tf.zeros([8]) }, weights: { a: tf.ones([8]), b: tf.ones([8]) } };
  const a = tf.tidy(() => m.forward(f).logits['a']!.dataSync());
  const b = tf.tidy(() => m.forward(f, { training: true }).logits['a']!.dataSync());
  const c = tf.tidy(() => m.forward(f, { training: true }).logits['a']!.dataSync());
  console.log(k, a[0], b[0], c[0]);
  const { grads } = tf.variableGrads(() => m.losses(f, { training: true }).total, m.store.trainable().map((p) => p.variable));
  console.log(Object.keys(grads).length, m.store.trainable().length);
});
