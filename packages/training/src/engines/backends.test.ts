import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';

const train = tinyExamples(tinyTasks, 130, 1);

async function trained(backend: string, options: FitOptions<typeof tinyTasks>) {
  await tf.setBackend(backend);
  const model = tinyModel({ norm: true, dropout: 0.1 });
  const before = tf.memory().numTensors;
  const { engine, history } = await fit(model, train, {
    engine: 'eager',
    epochs: 5,
    batchSize: 50,
    validation: train,
    ...options,
  });
  const left = tf.memory().numTensors - before;
  const weights = weightsOf(model);
  model.dispose();
  return { engine, left, weights, scores: history.at(-1)!.validation! };
}

test('wasm trains as cpu does', async () => {
  const optimizer = sgd(0.05, { momentum: 0.5 });
  const [cpu, wasm] = [await trained('cpu', { optimizer }), await trained('wasm', { optimizer })];
  expect(wasm.engine).toBe('eager (wasm)');
  expect(wasm.left).toBe(0);
  for (const [name, values] of Object.entries(cpu.weights)) {
    values.forEach((value, i) => expect(Math.abs(wasm.weights[name]![i]! - value), name).toBeLessThan(1e-4));
  }
  expect(wasm.scores.click.auc).toBeCloseTo(cpu.scores.click.auc, 3);
});

test('on wasm, too, a stopped run continues to the same bits', { tags: ['long'] }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-'));
  try {
    const optimizer = adam(0.02);
    const straight = await trained('wasm', { optimizer });
    const stop = {
      onStep: ({ step }: { step: number }) => {
        if (step === 8) throw new Error('killed');
      },
    };
    const checkpoint = { directory, everySteps: 5 };
    await expect(trained('wasm', { optimizer, checkpoint, callbacks: stop })).rejects.toThrow('killed');
    const resumed = await trained('wasm', { optimizer, checkpoint, resume: true });
    expect(resumed.weights).toEqual(straight.weights);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('an engine frees its slots when it is closed', async () => {
  await tf.setBackend('cpu');
  const { eagerEngine } = await import('./eager-engine.ts');
  const model = tinyModel();
  const before = tf.memory().numTensors;
  const step = await eagerEngine.train(model, { optimizer: adam(), clip: {} });
  expect(tf.memory().numTensors).toBe(before + 2 * model.store.trainable().length);
  const slots = await step.readSlots();
  expect(Object.keys(slots)).toContain('adam.m.levels.0.experts.kernel');
  const { 'adam.m.levels.0.experts.kernel': _, ...missing } = slots;
  expect(() => step.restore({ ...missing, 'adam.w.x': slots['adam.v.levels.0.experts.kernel']! }, 3)).toThrow(
    /missing "adam\.m\.levels\.0\.experts\.kernel" \[.*\]; unknown "adam\.w\.x"/,
  );
  await step.close();
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});
