import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { writeModel } from '../onnx/write-model.ts';
import { readModel } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { tensorDifference } from './runtime.ts';
import { nodeRuntime } from './node-runtime.ts';
import { webRuntime, type OnnxRuntimeWeb } from './web-runtime.ts';

beforeAll(() => tf.setBackend('cpu'));

it('gives the numbers of onnxruntime-node', async () => {
  const w = tf.tensor2d(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [6, 4],
  );
  const step = (x: tf.Tensor, ids: tf.Tensor) => {
    const loss = (weights: tf.Tensor) =>
      tf.mean(tf.square(tf.tanh(tf.matMul(x as tf.Tensor2D, tf.gather(weights, ids) as tf.Tensor2D)))) as tf.Scalar;
    const { value, grad } = tf.valueAndGrad(loss)(w);
    return { loss: value, gradient: grad, top: tf.topk(x, 2).indices, mod: tf.mod(ids, 3) };
  };
  const specs = { x: { shape: [5, 3] }, ids: { shape: [3], dtype: 'int32' } } as const;
  const feeds = { x: Float32Array.from({ length: 15 }, (_, i) => Math.cos(i)), ids: Int32Array.of(5, 0, 5) };
  const [node, web] = await Promise.all(
    [await nodeRuntime(), await webRuntime()].map(async (runtime) => {
      const compiled = await compile(step, specs, { runtime });
      const result = await compiled.run(feeds);
      await compiled.dispose();
      return Object.values(result);
    }),
  );
  expect(tensorDifference(web!, node!, { dtypes: true, tolerance: 1e-6 })).toBeUndefined();
});

it('gives an ordinary tensor for an output that it was to put elsewhere', async () => {
  const { graph, outputs } = trace((x) => ({ double: tf.mul(x, 2) }), { x: { shape: [2] } });
  const { run, release } = await (await webRuntime()).load(writeModel(graph, outputs));
  const x = { type: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const;
  const place = { type: 'float32', shape: [2], data: new Float32Array(2) } as const;
  for (const factor of [1, 3]) {
    x.data.set([factor, 2 * factor]);
    const { double } = await run({ x }, { into: { double: place } });
    expect(double).not.toBe(place);
    expect([...double!.data]).toEqual([2 * factor, 4 * factor]);
  }
  await release();
});

it('says that its threads are those of all models', async () => {
  await webRuntime({ threads: 1 });
  await expect(webRuntime({ threads: 2 })).rejects.toThrow('one number of threads for all models: 1 already');
});

it('says which execution provider is missing', async () => {
  const runtime = await webRuntime({ executionProviders: ['abacus'] });
  await expect(compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime })).rejects.toThrow(/abacus/);
});

/** onnxruntime-web with a GPU that gives these numbers, and notes how many inputs the operations of its models have. */
async function onDevice(numbers: (correct: number) => number) {
  const ort = (await import('onnxruntime-web')) as unknown as OnnxRuntimeWeb;
  const largest: number[] = [];
  const device: OnnxRuntimeWeb = {
    ...ort,
    InferenceSession: {
      async create(model, options: { executionProviders: string[] }) {
        const session = await ort.InferenceSession.create(model, { ...options, executionProviders: ['wasm'] });
        if (options.executionProviders[0] !== 'webgpu') return session;
        const { node } = readModel(model).graph;
        largest.push(Math.max(...node.map(({ input }) => input.length)));
        const { outputNames } = session;
        return {
          outputNames,
          release: () => session.release(),
          async run(feeds, fetches) {
            const results = await session.run(feeds, fetches);
            const changed = outputNames.map((name) => {
              const { type, data, dims } = results[name]!;
              return [name, new ort.Tensor(type, (data as Float32Array).map(numbers), dims)] as const;
            });
            return Object.fromEntries(changed);
          },
        };
      },
    },
  };
  return { largest, runtime: await webRuntime({ ort: device, executionProviders: ['webgpu'] }) };
}

const joined = (x: tf.Tensor) => tf.concat(Array.from({ length: 15 }, (_, i) => tf.mul(x, i + 2)));

it('compares the first run on a GPU with WebAssembly, and gives its operations few inputs', async () => {
  const { runtime, largest } = await onDevice((each) => each * 1.0001);
  const compiled = await compile(joined, { x: { shape: [1] } }, { runtime });
  for (const x of [1, 2]) expect((await compiled.run({ x: [x] }))['output']!.data[14]).toBeCloseTo(16 * x, 1);
  expect(largest).toEqual([7]);
  await compiled.dispose();
});

it('refuses the results of a GPU that computes zeros, in each run', async () => {
  const { runtime } = await onDevice(() => 0);
  const compiled = await compile(joined, { x: { shape: [1] } }, { runtime });
  for (const x of [1, 0]) {
    await expect(compiled.run({ x: [x] })).rejects.toThrow(
      'Expected webgpu to compute what WebAssembly computes, received a difference: tensor 0: expected 2 at 0, received 0.',
    );
  }
  await compiled.dispose();
});
