import {
  binary,
  checks,
  defineNetwork,
  embed,
  fusion,
  multiTaskModel,
  ownUnits,
  sumGates,
  type Schema,
} from '@polytask/core';
import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES, tinyExpert } from '@polytask/testing/internal';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { maskGate, type MaskGateOptions } from './mask-gate.ts';

const { affine, expertOutputs, sigmoid } = plain;

const network = defineNetwork(
  'test-masked',
  ({ gate }, tasks) => fusion([{ units: ownUnits(tasks), experts: tinyExpert(), outputs: tasks, gate }]),
  { options: { gate: checks.component('gate') } },
);
const schema: Schema = {
  features: {
    age: { kind: 'numeric', mean: 0, deviation: 1 },
    user: { kind: 'categorical', vocabulary: ['u', 'v'] },
    author: { kind: 'hashed', buckets: 4 },
    tags: {
      kind: 'multi-valued',
      values: { kind: 'categorical', vocabulary: ['x', 'y'] },
      separator: '|',
      maxLength: 2,
      pooling: 'mean',
    },
  },
  tasks: { a: binary(), b: binary() },
};
const masked = (config: MaskGateOptions) =>
  multiTaskModel({
    schema,
    network: network({ gate: maskGate({ reads: 'raw', ...config }) }),
    input: embed({ dimension: 3, start: 'pytorch' }),
    seed: 7,
  });

/** The gradient of the summed logits by the embedding table. */
function tableGradient(model: ReturnType<typeof masked>): number[] {
  return tf.tidy(() => {
    const batch = model.toTensors(model.encode([{ age: 0.3, user: 'u', author: 'n', tags: 'x' }]));
    const table = model.store.get('input.table').variable;
    const sum = () => tf.sum(tf.concat(Object.values(model.forward(batch).logits), 1)) as tf.Scalar;
    return [...tf.variableGrads(sum, [table]).grads[table.name]!.dataSync()];
  });
}

describe('maskGate', () => {
  it.each([1, 2])("weighs each feature of each expert's output by itself, in plain loops: scale %i", (scale) => {
    const level = tinyLevel(maskGate({ sees: 'own+shared', hidden: [5], activation: 'tanh', scale }));
    const of = (name: string) => level.read(`l.gates.${name}`) as number[][][];
    const outputs = expertOutputs(level); // [expert][row][feature]
    const next = level.apply();
    const means = level.weights().gated!;
    level.level.outputs.forEach((unit, u) => {
      const hidden = affine(level.vectors[unit]!, of('hidden0.kernel')[u]!, of('hidden0.bias')[u]![0]!).map((row) =>
        row.map(Math.tanh),
      );
      const scores = affine(hidden, of('kernel')[u]!, of('bias')[u]![0]!); // [row][feature × expert]
      const weight = (row: number, e: number, d: number) =>
        scale * sigmoid(scores[row]![d * 4 + e]!) * TINY_SEES['own+shared'][u]![e]!;
      const features = [0, 1, 2, 3];
      expectClose(
        next[unit],
        scores.map((_, row) =>
          features.map((d) => outputs.reduce((sum, rows, e) => sum + weight(row, e, d) * rows[row]![d]!, 0)),
        ),
      );
      expectClose(
        means[u],
        scores.map((_, row) => outputs.map((__, e) => features.reduce((sum, d) => sum + weight(row, e, d), 0) / 4)),
      );
    });
  });

  it('counts as parameters only what can differ from 0', () => {
    const { store } = tinyLevel(maskGate({ sees: 'own' }));
    const live = Object.fromEntries(store.all().map(({ name, live: count }) => [name, count]));
    expect(live['l.gates.kernel']).toBe(3 * 4 * (2 + 1 + 1));
  });

  it('reads the features that it is given, by name, and nothing else', () => {
    const model = masked({ features: ['user', 'tags'] });
    expect(model.store.get('levels.0.gates.kernel').variable.shape).toEqual([2, 6, 8]);
    const rows = { age: 0.3, user: 'u', author: 'n', tags: 'x' };
    const weights = (change: object) => {
      const features = model.toTensors(model.encode([{ ...rows, ...change }]));
      const { lanes, raw } = model.input(features);
      return sumGates(
        model.network.levels[0]!.weights(lanes, {
          training: false,
          raw,
          addLoss: () => undefined,
        }),
      ).gated!.arraySync();
    };
    expect(weights({ age: 9, author: 'm' })).toEqual(weights({}));
    expect(weights({ user: 'v' })).not.toEqual(weights({}));
    expect(weights({ tags: 'y' })).not.toEqual(weights({}));
  });

  it('detached, sends no gradient back to what it reads', () => {
    const through = (detach: boolean) => {
      const level = tinyLevel(maskGate({ detach }), {
        units: [{ name: 'a', kind: 'own', experts: 1 }],
        outputs: ['a'],
      });
      return level.gradients();
    };
    expect(through(true)['l.gates.kernel']).toEqual(through(false)['l.gates.kernel']);
    const model = (detach: boolean) => masked({ features: ['user'], detach });
    const gradient = (detach: boolean) => tableGradient(model(detach));
    expect(gradient(true)).not.toEqual(gradient(false));
  });

  it.each<[MaskGateOptions, string]>([
    [
      { features: ['usr'] },
      'Expected a feature of the network\'s input for a mask gate, received "usr". Did you mean "user"?',
    ],
    [{ features: ['user'], reads: 'unit' }, "Expected a mask gate that takes features to read the network's input"],
  ])("says when the model is built what it can't read: %j", (config, message) => {
    expect(() => masked(config)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [{ scale: 0 }, 'Expected a number above 0 for mask.scale, received 0.'],
    [{ features: [] }, 'Expected a list of 1 or more for mask.features, received [].'],
    [{ detatch: true }, 'Did you mean "detach"?'],
  ])('refuses %j', (config, message) => {
    expect(() => maskGate(config as MaskGateOptions)).toThrow(message);
  });
});
