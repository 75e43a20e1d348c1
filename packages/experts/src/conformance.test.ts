import * as tf from '@tensorflow/tfjs';
import { load, registered, toBytes, type ExpertSpec } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { layerExpert, linearExpert, mlp } from './index.ts';
import { callOf, rows, testBank, oneOrEach } from './testing/bank.ts';
import { tinyBatch, tinyModel } from './testing/tiny-model.ts';

/** Every expert of the package. A new one is a row here; smooth ones are compared with finite differences too. */
const EXPERTS: { name: string; spec: ExpertSpec; outputDim: number; smooth?: boolean }[] = [
  { name: 'linear', spec: linearExpert({ units: 4 }), outputDim: 4, smooth: true },
  { name: 'mlp', spec: mlp([5, 2]), outputDim: 2 },
  { name: 'mlp, tanh', spec: mlp([5, 2], { activation: 'tanh' }), outputDim: 2, smooth: true },
  { name: 'mlp, layer norm', spec: mlp([5, 3], { norm: 'layer', activation: 'gelu' }), outputDim: 3, smooth: true },
  { name: 'mlp, batch norm', spec: mlp([5, 3], { norm: 'batch', activation: 'elu' }), outputDim: 3 },
  { name: 'tf-layer, dense', spec: layerExpert(tf.layers.dense({ units: 4, activation: 'selu' })), outputDim: 4 },
  {
    name: 'tf-layer, sequential',
    spec: layerExpert(
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, inputShape: [3], activation: 'tanh' }),
          tf.layers.batchNormalization(),
          tf.layers.dense({ units: 2 }),
        ],
      }),
    ),
    outputDim: 2,
  },
];

const inputs = [rows(8, 3, 'a'), rows(8, 3, 'b'), rows(8, 3, 'c')];
const members = ['a.0', 'a.1', 'b.0'];

const close = (got: readonly number[], wanted: readonly number[], digits = 5) => {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, digits));
};

it('has a row for every expert of the package', () => {
  const ours = registered('expert').filter((name) => !name.startsWith('test-'));
  expect(new Set(EXPERTS.map(({ spec }) => spec.name))).toEqual(new Set(ours));
});

describe.each(EXPERTS)('$name', ({ spec, outputDim }) => {
  it('gives [member, row, width], each member another', () => {
    const { bank, run } = testBank(spec);
    const outputs = run(inputs);
    expect(bank.outputDim).toBe(outputDim);
    expect([outputs.length, outputs[0]!.length, outputs[0]![0]!.length]).toEqual([3, 8, outputDim]);
    expect(outputs.flat(2).every(Number.isFinite)).toBe(true);
    const [a, b] = run([inputs[0]!]);
    expect(a).not.toEqual(b);
  });

  it('as a bank gives what its members give one by one', () => {
    const bank = testBank(spec).run(inputs, { training: true });
    members.forEach((member, m) => {
      const alone = testBank(spec, { members: [member] }).run([inputs[m]!], { training: true });
      close(bank[m]!.flat(), alone[0]!.flat());
    });
  });

  it('starts from the seed and the place alone', () => {
    const run = (seed: number) => testBank(spec, { seed }).run(inputs);
    expect(run(7)).toEqual(run(7));
    expect(run(8)).not.toEqual(run(7));
  });

  it.each([['one input for all', 1], ['an input each', 3]])('gets gradients to its parameters and its input: %s', (_, count) => {
    const { store, bank } = testBank(spec);
    const xs = inputs.slice(0, count).map((each) => tf.tensor2d(each));
    const loss = (...given: tf.Tensor2D[]) => tf.sum(tf.square(tf.add(bank.apply(oneOrEach(given), callOf(xs[0]!, true)), 0.5)));
    const parameters = store.trainable();
    const { grads } = tf.variableGrads(() => loss(...xs) as tf.Scalar, parameters.map(({ variable }) => variable));
    const toInputs = tf.grads((...given) => loss(...(given as tf.Tensor2D[])))(xs);
    const all = [...parameters.map(({ name, variable }) => [name, grads[variable.name]!] as const), ...toInputs.map((g) => ['x', g] as const)];
    for (const [name, gradient] of all) {
      const values = gradient.dataSync();
      expect(values.every(Number.isFinite), name).toBe(true);
      expect(values.some((value) => value !== 0), name).toBe(true);
    }
  });

  it('learns, is saved and loaded in a model', async () => {
    const model = tinyModel(spec);
    const batch = tinyBatch(64);
    const loss = () => model.losses(batch, { training: true }).total;
    const optimizer = tf.train.sgd(0.3);
    const before = loss().dataSync()[0]!;
    const variables = model.store.trainable().map(({ variable }) => variable);
    for (let step = 0; step < 30; step++) optimizer.minimize(loss, false, variables);
    expect(loss().dataSync()[0]!).toBeLessThan(0.9 * before);

    const x = rows(5, 3, 'serving').map((row) => ({ x: row }));
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(x)['click']).toEqual(model.predict(x).click);
    expect(loaded.config.network).toEqual(model.config.network);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const { store, run } = testBank(spec);
    run(inputs, { training: true });
    run([inputs[0]!]);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

it.each(EXPERTS.filter(({ smooth }) => smooth))('$name has the gradient that finite differences give', ({ spec }) => {
  const { store, bank } = testBank(spec);
  const xs = inputs.map((each) => tf.tensor2d(each));
  const loss = () => tf.tidy(() => tf.sum(tf.square(bank.apply(oneOrEach(xs), callOf(xs[0]!)))) as tf.Scalar);
  const { grads } = tf.variableGrads(loss, store.trainable().map(({ variable }) => variable));
  for (const { name, variable } of store.trainable()) {
    const start = variable.dataSync().slice();
    const lossAt = (index: number, by: number) => {
      variable.assign(tf.tensor(start.map((value, i) => (i === index ? value + by : value)), variable.shape));
      return loss().dataSync()[0]!;
    };
    const slopes = [...start].map((_, index) => (lossAt(index, 1e-2) - lossAt(index, -1e-2)) / 2e-2);
    lossAt(-1, 0);
    const gradient = grads[variable.name]!.dataSync();
    slopes.forEach((slope, i) => expect(Math.abs(gradient[i]! - slope), `${name}[${i}]`).toBeLessThan(0.02 + 0.02 * Math.abs(slope)));
    expect(slopes.some((slope) => Math.abs(slope) > 0.2), name).toBe(true); // far from what is let pass
  }
});
