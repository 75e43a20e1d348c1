import * as tf from '@tensorflow/tfjs';
import { fusionWeights, load, registered, rowEncoder, termsOf, toBytes, type GateSpec } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { constantGate, identityGate, seeing, softmaxGate, sum } from './index.ts';
import { SEES, testLevel } from './testing/level.ts';
import { tinyBatch, tinyModel, tinyRows } from './testing/tiny-model.ts';

/** Every gate of the package. A new one is a row here; `learned` has parameters, `random` ones at first. */
const GATES: { name: string; spec: GateSpec; learned: boolean; random: boolean }[] = [
  { name: 'softmax', spec: softmaxGate(), learned: true, random: true },
  { name: 'softmax on the raw input', spec: softmaxGate({ reads: 'raw', temperature: 2 }), learned: true, random: true },
  { name: 'softmax, hidden', spec: softmaxGate({ hidden: [4], activation: 'tanh' }), learned: true, random: true },
  { name: 'constant', spec: constantGate(), learned: true, random: true },
  { name: 'constant, near the identity', spec: constantGate({ init: 'near-identity' }), learned: true, random: false },
  { name: 'identity', spec: identityGate(), learned: false, random: false },
  { name: 'sum: AdaTT', spec: sum(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })), learned: true, random: true },
  { name: 'sum of sums', spec: sum(sum(softmaxGate(), identityGate()), softmaxGate({ reads: 'raw' })), learned: true, random: true },
];

it('has a row for every gate of the package', () => {
  const ours = registered('gate').filter((name) => !name.startsWith('test-'));
  expect(new Set(GATES.map(({ spec }) => spec.name))).toEqual(new Set(ours));
});

describe.each(GATES)('$name', ({ spec, learned, random }) => {
  it.each(['all', 'own', 'own+shared'] as const)('is exactly 0 where a unit sees nothing: %s', (sees) => {
    const { gated, constant } = testLevel(seeing(sees, spec)).weights();
    const visible = termsOf(seeing(sees, spec)).map(({ config }) => SEES[(config as { sees: keyof typeof SEES }).sees]);
    for (const part of [gated, constant]) {
      part?.forEach((rows, u) =>
        rows.flatMap((row) => [...row.entries()]).forEach(([e, weight]) => {
          expect(Number.isFinite(weight)).toBe(true);
          if (!visible.some((each) => each[u]![e] === 1)) expect(weight).toBe(0);
        }),
      );
    }
  });

  it('starts from the seed', () => {
    const start = (seed: number) => testLevel(spec, { seed }).weights();
    expect(start(7)).toEqual(start(7));
    if (random) expect(start(8)).not.toEqual(start(7));
  });

  it('gets gradients to every parameter', () => {
    const gradients = testLevel(spec).gradients();
    const own = Object.entries(gradients).filter(([name]) => name.startsWith('l.gates'));
    expect(own.length > 0).toBe(learned);
    for (const [name, values] of Object.entries(gradients)) {
      expect(values.every(Number.isFinite), name).toBe(true);
      expect(values.some((value) => value !== 0), name).toBe(true);
    }
  });

  it('learns, is saved and loaded in a model of two levels', async () => {
    const model = tinyModel(spec);
    const batch = tinyBatch(64);
    const loss = () => model.losses(batch, { training: true }).total;
    const before = loss().dataSync()[0]!;
    const variables = model.store.trainable().map(({ variable }) => variable);
    const optimizer = tf.train.adam(0.03);
    for (let step = 0; step < 20; step++) optimizer.minimize(loss, false, variables);
    expect(loss().dataSync()[0]!).toBeLessThan(0.9 * before);
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(tinyRows(5))).toEqual(model.predict(tinyRows(5)));
    expect(loaded.config.network).toEqual(model.config.network);
  });

  it('treats tasks by their names: in another order they get the same numbers', () => {
    const [forth, back] = [['click', 'like'], ['like', 'click']].map((tasks) => tinyModel(spec, tasks).predict(tinyRows(5)));
    for (const task of ['click', 'like']) {
      back![task]!.forEach((value, i) => expect(value).toBeCloseTo(forth![task]![i]!, 6));
    }
  });

  it('has weights that fusionWeights reads, its two parts apart', () => {
    const model = tinyModel(spec);
    const encode = rowEncoder(model.schema);
    const rows = tinyRows(7);
    const examples = { schema: model.schema, size: 7, batch: (at: ArrayLike<number>) => encode(Array.from(at, (i) => rows[i]!)) };
    const levels = fusionWeights(model, examples, { batchSize: 3 });
    expect(levels.map(({ outputs, experts }) => [outputs.length, experts.length])).toEqual([[3, 5], [2, 5]]);
    const kinds = termsOf(spec).map(({ name }) => name);
    for (const { gated, constant } of levels) {
      const softmaxes = kinds.filter((kind) => kind === 'softmax').length;
      gated.forEach((row) => expect(row.reduce((total, weight) => total + weight, 0)).toBeCloseTo(softmaxes, 5));
      expect(constant.flat().some((weight) => weight !== 0)).toBe(kinds.some((kind) => kind !== 'softmax'));
    }
  });

  it('gives weights that are the caller\'s own to dispose', () => {
    const test = testLevel(spec);
    const before = test.weights();
    const lanes = new Map(Object.entries(test.vectors).map(([name, rows]) => [name, tf.tensor2d(rows)]));
    const { gated, constant } = test.level.weights(lanes, { training: false, raw: tf.tensor2d(test.raw), addLoss: () => undefined });
    tf.dispose([gated, constant].filter((each) => each !== undefined));
    expect(test.weights()).toEqual(before);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const test = testLevel(spec);
    test.apply();
    test.weights();
    test.gradients();
    test.store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('sum', () => {
  const gate = () => softmaxGate({ sees: 'all' });

  it('adds its gates up, each with what it sees', () => {
    const level = testLevel(sum(gate(), constantGate({ sees: 'own' }), identityGate({ sees: [[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]] })));
    const { gated, constant } = level.weights();
    const learned = (level.read('l.gates.1.weights') as number[][][]).map((rows) => rows[0]!);
    const wanted = learned.map((row, u) => row.map((weight, e) => weight + (u === 0 && e === 3 ? 1 : 0)));
    expect(constant!.map((rows) => rows[0])).toEqual(wanted);
    gated!.flat().forEach((row) => expect(row.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 6));
    expect(level.store.all().map(({ name }) => name).filter((name) => name.startsWith('l.gates'))).toEqual([
      'l.gates.0.kernel', 'l.gates.0.bias', 'l.gates.1.weights',
    ]);
  });

  it('gives each gate what it reads', () => {
    const together = testLevel(sum(softmaxGate({ reads: 'raw' }), softmaxGate({ reads: 'unit' })));
    const raw = together.read('l.gates.0.kernel') as number[][][];
    const unit = together.read('l.gates.1.kernel') as number[][][];
    expect([raw[0]!.length, unit[0]!.length]).toEqual([2, 3]);
    expect(together.weights().gated!.flat(2).every(Number.isFinite)).toBe(true);
  });

  it('is a gate alone when there is one, under the name of one', () => {
    expect(testLevel(sum(gate())).weights()).toEqual(testLevel(gate()).weights());
  });

  it('refuses no gates, and what is no gate', () => {
    expect(() => sum()).toThrow('Expected one or more gates in a sum, received none.');
    expect(() => sum(gate(), constantGate as unknown as GateSpec)).toThrow('Expected a gate for term 1 of a sum, received a function');
  });

  it('says which unit has no vector that a gate could read', () => {
    const model = () => tinyModel(softmaxGate()).network;
    expect(model).not.toThrow();
    const level = testLevel(softmaxGate(), { outputs: ['a', 'b'] });
    const lanes = new Map([['a', tf.tensor2d(level.vectors['a']!)], ['shared', tf.tensor2d(level.vectors['shared']!)]]);
    const call = { training: false, raw: tf.tensor2d(level.raw), addLoss: () => undefined };
    expect(() => level.level.weights(lanes, call)).toThrow(
      'Expected unit "b" to have a vector for its gate to read at l.gates, received vectors for a, shared alone.',
    );
  });
});
