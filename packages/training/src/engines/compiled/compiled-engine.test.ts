import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { nodeRuntime, type Runtime } from '@polytask/compile';
import { defineExpert, denseSchema, linear, multiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../evaluation/evaluate.ts';
import type { FitOptions } from '../../fit/options.ts';
import { fit } from '../../fit/fit.ts';
import { adagrad } from '../../optimizers/adagrad.ts';
import { adam, adamW } from '../../optimizers/adam.ts';
import { defineOptimizer } from '../../optimizers/optimizer.ts';
import { sgd } from '../../optimizers/sgd.ts';
import { earlyStopping } from '../../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyNetwork, tinyTasks, weightsOf, WIDTH } from '../../testing/tiny.ts';
import { compiledEngine } from './compiled-engine.ts';
import { some } from '../../../../../cases.base.ts';

const train = tinyExamples(tinyTasks, 70);
const validation = tinyExamples(tinyTasks, 45, 2);
const CONFIG = { dropout: 0.2, norm: true };

type Options = FitOptions<typeof tinyTasks>;

async function trained(options: Options) {
  const model = tinyModel(CONFIG);
  const result = await fit(model, train, { batchSize: 32, epochs: 3, ...options }); // 32, 32 and a last batch of 6
  const weights = weightsOf(model);
  model.dispose();
  return { ...result, weights };
}

/** The largest difference of a tensor, relative to its largest number. */
function farthest(a: Record<string, number[]>, b: Record<string, number[]>): number {
  return Math.max(
    ...Object.entries(a).map(([name, values]) => {
      const largest = Math.max(...values.map(Math.abs), 1e-6);
      return Math.max(...values.map((value, i) => Math.abs(value - b[name]![i]!))) / largest;
    }),
  );
}

describe('the compiled engine', () => {
  it.each(
    some(
      [
        ['sgd', { optimizer: sgd(0.05) }],
        ['momentum', { optimizer: sgd(0.05, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }) }],
        ['adagrad', { optimizer: adagrad(0.05) }],
        // a large epsilon: a small one turns the rounding of tiny gradients into steps
        ['adam', { optimizer: adam(0.01, { epsilon: 0.1 }) }],
        ['adamW', { optimizer: adamW(0.01, { epsilon: 0.1 }) }],
        ['clipping', { optimizer: sgd(0.05), clip: { value: 0.1, norm: 0.2 } }],
      ] as [string, Options][],
      2,
    ),
  )(
    'trains as the eager one does, dropout, batch norm, missing labels and the last batch included: %s',
    async (_, options) => {
      const [eager, compiled] = [
        await trained({ ...options, engine: 'eager' }),
        await trained({ ...options, engine: compiledEngine() }),
      ];
      expect(compiled.engine).toContain('compiled (onnxruntime-node)');
      expect(farthest(eager.weights, compiled.weights)).toBeLessThan(1e-4);
      const [a, b] = [eager.history.at(-1)!, compiled.history.at(-1)!];
      expect(b.loss).toBeCloseTo(a.loss, 4);
      expect(b.auxiliary['entropy']).toBeCloseTo(a.auxiliary['entropy']!, 5);
      for (const task of ['click', 'stars', 'minutes'] as const) expect(b.losses[task]).toBeCloseTo(a.losses[task], 4);
    },
  );

  it('trains as well with a runtime that gives the gradients in arrays of its own', { tags: ['long'] }, async () => {
    const inner = await nodeRuntime();
    const runtime: Runtime = {
      name: 'plain',
      load: async (model) => {
        const session = await inner.load(model);
        return { run: (feeds) => session.run(feeds), release: () => session.release() };
      },
    };
    const options = { optimizer: adam(0.01) };
    const [plain, usual] = [
      await trained({ ...options, engine: compiledEngine({ runtime }) }),
      await trained({ ...options, engine: compiledEngine() }),
    ];
    expect(plain.engine).toBe('compiled (plain)');
    expect(plain.weights).toEqual(usual.weights);
  });

  it('says when an optimizer is not elementwise; auto then trains eagerly', async () => {
    const normed = defineOptimizer('test.by-norm', {
      slots: () => ({}),
      coefficients: (_, { learningRate }) => ({ learningRate }),
      update: ({ parameter, gradient }, { learningRate }, { sub, mul, div }) => {
        const direction = div(gradient, tf.add(tf.norm(gradient as tf.Tensor), 1e-3) as typeof gradient);
        return { parameter: sub(parameter, mul(direction, learningRate!)), slots: {} };
      },
    });
    const optimizer = normed(0.01, {});
    await expect(trained({ optimizer, engine: 'compiled' })).rejects.toThrow(
      '"test.by-norm" is not elementwise arithmetic',
    );
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect((await trained({ optimizer })).engine).toContain('eager');
    expect(String(warn.mock.calls[0]![0])).toContain('is not elementwise arithmetic');
    warn.mockRestore();
  });

  it('gives the weights of the best epoch back after early stopping, and of the last step after a callback stops', async () => {
    const cases: Options[] = [
      { optimizer: sgd(0.4), validation, stopping: earlyStopping({ metric: 'loss', patience: 2 }), epochs: 12 },
      { optimizer: sgd(0.05), callbacks: { onStep: ({ step }) => (step === 4 ? 'stop' : undefined) } },
    ];
    for (const options of cases) {
      const [eager, compiled] = [
        await trained({ ...options, engine: 'eager' }),
        await trained({ ...options, engine: compiledEngine() }),
      ];
      expect([compiled.stopped, compiled.steps, compiled.best?.epoch]).toEqual([
        eager.stopped,
        eager.steps,
        eager.best?.epoch,
      ]);
      expect(farthest(eager.weights, compiled.weights)).toBeLessThan(1e-3);
    }
  });

  it('evaluates as the eager one does, in whatever batches', async () => {
    const model = tinyModel(CONFIG);
    const eager = await evaluate(model, validation, { engine: 'eager' });
    for (const batchSize of [45, 20, 7]) {
      const compiled = await evaluate(model, validation, { engine: compiledEngine(), batchSize });
      for (const [metric, value] of Object.entries(eager.click))
        expect(compiled.click[metric as 'auc']).toBeCloseTo(value, 5);
      expect(compiled.stars.accuracy).toBeCloseTo(eager.stars.accuracy, 6);
      expect(compiled.minutes.rmse).toBeCloseTo(eager.minutes.rmse, 5);
    }
    model.dispose();
  });

  it('is what auto takes in Node', async () => {
    expect((await trained({ epochs: 1 })).engine).toContain('compiled');
  });

  it('leaves no tensors behind, and the backend as it was', async () => {
    await trained({ engine: compiledEngine(), epochs: 1, validation }); // registers kernels and the like
    const before = { tensors: tf.memory().numTensors, backend: tf.getBackend() };
    await trained({ engine: compiledEngine(), epochs: 2, validation });
    expect({ tensors: tf.memory().numTensors, backend: tf.getBackend() }).toEqual(before);
  });
});

describe.each<[what: string, noise: (x: tf.Tensor) => tf.Tensor]>([
  ['of TF.js', (x) => tf.randomUniform(x.shape)],
  ['of TF.js with a seed', (x) => tf.dropout(tf.onesLike(x), 0.5, undefined, 7)],
  ['of JavaScript', (x) => tf.tensor(Float32Array.from({ length: x.size }, Math.random), x.shape)],
])('random numbers of its own, %s,', (what, noise) => {
  const noisy = defineExpert(
    `test.noise ${what}`,
    ({ inputDim, weight }) => {
      const w = weight('kernel', [inputDim, 2]);
      return { outputDim: 2, apply: (x, { training }) => linear(training ? tf.mul(x, noise(x)) : x, w) };
    },
    { bankable: false },
  );
  const model = () =>
    multiTaskModel({
      schema: denseSchema(WIDTH, tinyTasks),
      network: tinyNetwork({ units: 4 }),
      tower: noisy(),
      seed: 7,
    });

  it('in a model are refused, as every step would repeat them; nothing is left behind', async () => {
    const one = model();
    const before = tf.memory().numTensors;
    await expect(fit(one, train, { epochs: 1, engine: 'compiled' })).rejects.toThrow('draws random numbers of its own');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('that are only drawn in training leave evaluation compiled', async () => {
    const scores = await evaluate(model(), validation, { engine: 'compiled' });
    expect(Number.isFinite(scores.click.loss)).toBe(true);
  });
});

describe('a run that was stopped', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-compiled-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.each(some([2, 5], 1))(
    'goes on to the same numbers, bit for bit, after step %i',
    { tags: ['long'] },
    async (last) => {
      const options: Options = { engine: 'compiled', optimizer: adam(0.01), validation, batchSize: 32, epochs: 3 };
      const straight = await trained(options);
      const checkpoint = { directory, everySteps: 1 };
      const crash = {
        onStep: ({ step }: { step: number }) => {
          if (step === last) throw new Error('power cut');
        },
      };
      await expect(trained({ ...options, checkpoint, callbacks: crash })).rejects.toThrow('power cut');
      const resumed = await trained({ ...options, checkpoint, resume: true });
      expect(resumed.weights).toEqual(straight.weights);
      expect(resumed.history.map(({ losses }) => losses)).toEqual(straight.history.map(({ losses }) => losses));
    },
  );
});

describe("a model that can't be compiled", () => {
  const reader = defineExpert(
    'test.reads-numbers',
    ({ inputDim, weight }) => {
      const w = weight('kernel', [inputDim, 2]);
      return { outputDim: 2, apply: (x) => (tf.sum(x).dataSync()[0]! > 1e9 ? tf.matMul(x, w) : tf.matMul(x, w)) };
    },
    { bankable: false },
  );
  const model = () =>
    multiTaskModel({
      schema: denseSchema(WIDTH, tinyTasks),
      network: tinyNetwork({ units: 4 }),
      tower: reader(),
      seed: 7,
    });

  it('is an error of the compiled engine that says why', async () => {
    await expect(fit(model(), train, { epochs: 1, engine: 'compiled' })).rejects.toThrow('asks for the numbers of');
  });

  it('runs eagerly under auto, with one line that says why', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { engine } = await fit(model(), train, { epochs: 1 });
    await fit(model(), train, { epochs: 1 });
    const lines = warn.mock.calls.map(([line]) => String(line));
    warn.mockRestore();
    expect(engine).toContain('eager');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('Running eagerly, which is slower: ');
  });
});
