import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { sharedUnit } from '../fusion/units.ts';
import { load } from '../saving/load.ts';
import { save } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { regression } from '../tasks/regression.ts';
import { tinyExpert, tinyModel, tinyRows } from '../testing/tiny.ts';
import { multiTaskModel } from './model.ts';
import type { RotationsOptions } from './rotations.ts';
import { lossesOf } from './losses.ts';

const one = defineGate('test-bottom-one', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const bottom = defineNetwork('test-bottom', (_: object, tasks) =>
  fusion([{ units: sharedUnit(1), experts: tinyExpert({ units: 3 }), outputs: tasks, gate: one({ sees: 'all' }) }]),
);
/** One shared vector of 3 values, which all heads read. */
const bottomModel = (rotations?: RotationsOptions) =>
  multiTaskModel({
    schema: denseSchema(5, { a: regression(), b: regression() }),
    network: bottom({}),
    rotations,
    seed: 7,
  });

const rows = [
  [1, -2, 0.5, 0.1, 2],
  [0.3, 0.2, -1, 1.5, -0.7],
].map((x) => ({ x }));

/** Turns by an angle in the plane of the first two features, and back for the second task. */
function turn(model: ReturnType<typeof bottomModel>, angle: number): void {
  const { size, parameter } = model.rotations!;
  const values = [1, -1].flatMap((sign) => {
    const [c, s] = [Math.cos(angle), sign * Math.sin(angle)];
    return Array.from(
      { length: size * size },
      (_, i) =>
        [
          [c, s],
          [-s, c],
        ][Math.floor(i / size)]?.[i % size] ?? Number(i % (size + 1) === 0),
    );
  });
  tf.tidy(() => model.store.get(parameter).variable.assign(tf.tensor(values, [2, size, size])));
}

/** What the heads read, by task. */
function lanesOf(model: ReturnType<typeof bottomModel>): Record<string, number[][]> {
  const headInputs: Record<string, number[][]> = {};
  const lanes = (vector: tf.Tensor2D, place: string, names: readonly string[]) => {
    if (place === 'heads') for (const name of names) headInputs[name] = vector.arraySync();
    return vector;
  };
  tf.tidy(() => void model.forward(model.toTensors(model.encode(rows)), { lanes }));
  return headInputs;
}

describe('rotations', () => {
  it('start as identities, and are trained by no loss', () => {
    const [plain, rotated, late] = [bottomModel(), bottomModel({}), bottomModel()];
    late.rotate();
    expect(rotated.predict(rows)).toEqual(plain.predict(rows));
    expect(late.predict(rows)).toEqual(plain.predict(rows));
    expect(rotated.parameterCount).toBe(plain.parameterCount);
    expect(rotated.store.all().map(({ name }) => name)).toEqual([
      ...plain.store.all().map(({ name }) => name),
      'rotations.kernel',
    ]);
    expect(late.store.all().map(({ name }) => name)).toEqual(rotated.store.all().map(({ name }) => name));
    expect(late.config.rotations).toEqual({});
    for (const model of [plain, rotated, late]) model.dispose();
  });

  it.each([
    ['all features', {}],
    ['the first two', { size: 2 }],
  ])('head k reads z K_k: %s', (_, config) => {
    const model = bottomModel(config);
    turn(model, 0.6);
    const z = lanesOf(model)['a']!;
    const predicted = model.predict(rows);
    const [kernel, bias] = ['heads.kernel', 'heads.bias'].map((name) => [
      ...model.store.get(name).variable.dataSync(),
    ]) as [number[], number[]];
    [1, -1].forEach((sign, task) => {
      const [c, s] = [Math.cos(0.6), sign * Math.sin(0.6)];
      z.forEach(([x, y, rest], row) => {
        const [h0, h1, h2] = kernel.slice(task * 3, task * 3 + 3) as [number, number, number];
        const expected = (x! * c - y! * s) * h0 + (x! * s + y! * c) * h1 + rest! * h2 + bias[task]!;
        expect(predicted[task === 0 ? 'a' : 'b'][row]).toBeCloseTo(expected, 5);
      });
    });
    model.dispose();
  });

  it('keep the length of the gradient, and turn its direction back', () => {
    const [plain, model] = [bottomModel(), bottomModel()];
    model.rotate({ size: 2 });
    turn(model, 1.1);
    const slope = (of: typeof model) =>
      tf.tidy(() => {
        const features = of.toTensors(of.encode(rows));
        return tf
          .grad((by: tf.Tensor) => tf.sum(of.forward(features, { experts: (z) => tf.add(z, by) }).logits['a']!))(
            tf.zeros([1, 2, 3]),
          )
          .dataSync<'float32'>()
          .slice(0, 3);
      });
    const [before, after] = [slope(plain), slope(model)];
    expect(Math.hypot(...after)).toBeCloseTo(Math.hypot(...before), 5);
    const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
    expect(after[0]).toBeCloseTo(before[0]! * c + before[1]! * s, 5); // g K_aᵀ
    expect(after[2]).toBeCloseTo(before[2]!, 6);
    for (const each of [plain, model]) each.dispose();
  });

  it('say what is wrong with their size', () => {
    expect(() => bottomModel({ size: 4 })).toThrow(
      'Expected rotations of 3 features or fewer, the width of what the heads read, received 4. Lower rotations.size.',
    );
    expect(() => bottomModel({ size: 1 })).toThrow('rotations.size');
    expect(() => bottomModel({ sise: 2 } as never)).toThrow('size');
    const model = bottomModel({ size: 2 });
    model.rotate();
    expect(() => model.rotate({ size: 3 })).toThrow(
      'Expected rotations of 2 features, as the model has them, received 3.',
    );
    model.dispose();
  });

  it('are before small second towers as well', () => {
    const model = multiTaskModel({
      schema: denseSchema(5, { a: binary(), b: binary() }),
      network: bottom({}),
      selfAuxiliaries: { weight: 1 },
      rotations: {},
      seed: 7,
    });
    const labels = tf.ones<tf.Rank.R2>([2, 2]);
    const small = () =>
      tf.tidy(() => {
        const batch = {
          ...model.toTensors(model.encode(rows)),
          labels,
          weights: labels,
        };
        return lossesOf(model, batch, { training: true }).auxiliary['self.a']!.dataSync()[0]!;
      });
    const before = small();
    turn(model as never, 2);
    expect(Math.abs(small() - before)).toBeGreaterThan(1e-3);
    labels.dispose();
    model.dispose();
  });
});

describe('saved', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-rotations-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.each([{}, { size: 2 }])('rotations of %j are a part of the model', async (config) => {
    const model = tinyModel();
    model.rotate(config);
    const { parameter, size } = model.rotations!;
    const values = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i));
    tf.tidy(() => model.store.get(parameter).variable.assign(tf.tensor(values, [3, size, size])));
    await save(model, directory);
    const loaded = await load<typeof model.schema.tasks>(directory);
    expect(loaded.config).toEqual(model.config);
    expect(loaded.rotations!.size).toBe(size);
    expect(loaded.predict(tinyRows)).toEqual(model.predict(tinyRows));
    for (const each of [model, loaded]) each.dispose();
  });
});
