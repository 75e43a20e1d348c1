import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { test } from 'vitest';
import { multiTaskModel, denseSchema, binary } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { adattSp } from '@polytask/adatt';
test('t', async () => {
  await tf.setBackend('wasm'); await tf.ready();
  const model = multiTaskModel({ schema: denseSchema(320, { a: binary(), b: binary(), c: binary() }), network: adattSp({ levels: [{ experts: mlp([64]), perTask: 2 }, { experts: mlp([32]), perTask: 2 }] }), tower: mlp([16]), seed: 1 });
  const n = 1024; const x = tf.randomNormal([n, 320]) as tf.Tensor2D; const y = () => tf.randomUniform([n]).greater(.5).toFloat();
  const batch: any = { numeric: x, ids: tf.zeros([n,0],'int32'), bagIds: tf.zeros([n,0],'int32'), bagWeights: tf.zeros([n,0]), labels: { a: y(), b: y(), c: y() }, weights: { a: tf.ones([n]), b: tf.ones([n]), c: tf.ones([n]) } };
  const vars = model.store.trainable().map(p => p.variable);
  const fwd = () => tf.tidy(() => { model.losses(batch); });
  const step = () => tf.tidy(() => { const { grads } = tf.variableGrads(() => model.losses(batch, { training: true }).total, vars); void grads; });
  for (const [k, f] of [['fwd', fwd], ['fwd+bwd', step]] as const) { for (let i = 0; i < 3; i++) f(); const t = performance.now(); for (let i = 0; i < 15; i++) f(); console.log(k, (performance.now() - t) / 15); }
  const p = await tf.profile(() => step() as any); const agg: Record<string, [number, number]> = {};
  for (const k of p.kernels) { const t = Number((k as any).kernelTimeMs?.kernelMs ?? (await (k as any).kernelTimeMs)); const a = agg[k.name] ??= [0, 0]; a[0] += t; a[1]++; }
  console.log(Object.entries(agg).sort((a, b) => b[1][0] - a[1][0]).slice(0, 14).map(([k, v]) => `${k} ${v[0].toFixed(1)}ms ×${v[1]}`).join('\n'));
});
