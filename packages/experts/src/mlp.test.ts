import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { mlp, type MlpOptions } from './mlp.ts';
import type { ExpertSpec } from '@polytask/core';

const { affine, each } = plain;

/** (x − mean) / √(variance + 1e-5) of each row. */
const normalized = (x: number[][]) =>
  x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
  });

describe('mlp', () => {
  it('is relu(x W + b), by hand', () => {
    const bank = tinyBank(mlp([2]), { members: ['a.0'], inputDim: 2 });
    bank.write('e.0.kernel', [
      [
        [1, -1],
        [2, 1],
      ],
    ]);
    bank.write('e.0.bias', [[[0.5, -2]]]);
    expect(
      bank.run([
        [
          [1, 2],
          [-3, 1],
        ],
      ]),
    ).toEqual([
      [
        [5.5, 0],
        [0, 2],
      ],
    ]);
  });

  it.each<[string, MlpOptions, (x: number[][]) => number[][]]>([
    ['relu', {}, (x) => each(x, (v) => Math.max(0, v))],
    ['tanh', { activation: 'tanh' }, (x) => each(x, Math.tanh)],
    ['layer norm, then tanh', { activation: 'tanh', norm: 'layer' }, (x) => each(normalized(x), Math.tanh)],
  ])('of three layers agrees with plain loops: %s', (_, options, after) => {
    const bank = tinyBank(mlp([5, 4, 2], options));
    const inputs = [tinyRows(6, 3, 'a'), tinyRows(6, 3, 'b'), tinyRows(6, 3, 'c')];
    const parameter = (layer: number, name: string) => bank.read(`e.${layer}.${name}`) as number[][][];
    const expected = inputs.map((x, member) =>
      [0, 1, 2].reduce(
        (h, layer) => after(affine(h, parameter(layer, 'kernel')[member]!, parameter(layer, 'bias')[member]![0]!)),
        x,
      ),
    );
    expectClose(bank.run(inputs), expected);
  });

  it('takes one input for all members', () => {
    const bank = tinyBank(mlp([4, 2]));
    const x = tinyRows(5, 3);
    expect(bank.run([x])).toEqual(bank.run([x, x, x]));
  });

  it('without bias has kernels alone', () => {
    expect(
      tinyBank(mlp([4, 2], { bias: false }))
        .store.all()
        .map(({ name }) => name),
    ).toEqual(['e.0.kernel', 'e.1.kernel']);
  });

  it('has no bias before batch norm, unless it is asked for', () => {
    const names = (spec: ExpertSpec) =>
      tinyBank(spec)
        .store.all()
        .map(({ name }) => name);
    const norm = ['gamma', 'beta', 'mean', 'variance'].map((name) => `e.0.${name}`);
    expect(names(mlp([4], { norm: 'batch' }))).toEqual(['e.0.kernel', ...norm]);
    expect(mlp([4], { norm: 'batch' }).config).toMatchObject({ norm: 'batch', bias: false });
    expect(names(mlp([4], { norm: 'batch', bias: true }))).toEqual(['e.0.kernel', 'e.0.bias', ...norm]);
    expect(names(mlp([4], { norm: 'layer' }))).toContain('e.0.bias');
  });

  it('drops a share of each layer in training, another one at each call, and nothing otherwise', () => {
    const bank = tinyBank(mlp([1000], { dropout: 0.25, activation: 'linear' }), { members: ['a.0'] });
    bank.write('e.0.kernel', new Array(3000).fill(0));
    bank.write('e.0.bias', new Array(1000).fill(3));
    const [first, second] = [0, 1].map(() => bank.run([[[0, 0, 0]]], { training: true })[0]![0]!);
    expect(first).not.toEqual(second);
    expect(new Set(first)).toEqual(new Set([0, 4])); // 3 / (1 − 0.25)
    expect(first!.filter((value) => value === 0).length / 1000).toBeCloseTo(0.25, 1);
    expect(new Set(bank.run([[[0, 0, 0]]])[0]![0])).toEqual(new Set([3]));
  });

  it('repeats its dropout with the seed', () => {
    const run = (seed: number) =>
      tinyBank(mlp([20], { dropout: 0.5 }), { seed }).run([tinyRows(3, 3)], { training: true });
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('batch norm takes the batch in training, the running statistics otherwise, for each member', () => {
    const bank = tinyBank(mlp([2], { norm: 'batch', activation: 'linear' }));
    const inputs = [tinyRows(50, 3, 'a'), tinyRows(50, 3, 'b'), tinyRows(50, 3, 'c')];
    for (const member of bank.run(inputs, { training: true })) {
      for (const column of [0, 1]) {
        const values = member.map((row) => row[column]!);
        const mean = values.reduce((sum, v) => sum + v, 0) / 50;
        expect(mean).toBeCloseTo(0, 4);
        expect(values.reduce((sum, v) => sum + v * v, 0) / 50).toBeCloseTo(1, 2);
      }
    }
    const affine0 = tf.tidy(() => bank.store.get('e.0.mean').variable.arraySync()) as number[][][];
    expect(affine0[0]).not.toEqual(affine0[1]); // it followed, for each member apart
    for (let i = 0; i < 200; i++) bank.run(inputs, { training: true });
    expectClose(bank.run(inputs), bank.run(inputs, { training: true }));
  });

  it('keeps its own copy of the widths', () => {
    const units = [4];
    const spec = mlp(units);
    units.push(9);
    expect(spec.config).toEqual({ units: [4], activation: 'relu', dropout: 0, norm: 'none', bias: true });
  });

  it.each<[unknown, unknown, string]>([
    [[], {}, 'Expected a list of 1 or more for mlp.units, received []. Add entries.'],
    [64, {}, 'Expected a list of 1 or more for mlp.units, received 64.'],
    [[64, 0], {}, 'Expected a whole number of 1 or more for mlp.units[1], received 0.'],
    [[64.5], {}, 'for mlp.units[0], received 64.5.'],
    [[64], { dropuot: 0.1 }, 'Expected an option of mlp, received "dropuot". Did you mean "dropout"?'],
    [[64], { dropout: 1 }, 'Expected a number in [0, 1) for mlp.dropout, received 1.'],
    [[64], { dropout: NaN }, 'for mlp.dropout, received NaN.'],
    [[64], { activation: 'rleu' }, 'for mlp.activation, received "rleu". Did you mean "relu"?'],
    [
      [64],
      { norm: 'layers' },
      'Expected one of "layer", "batch", "none" for mlp.norm, received "layers". Did you mean "layer"?',
    ],
    [[64], { bias: 1 }, 'Expected true or false for mlp.bias, received 1.'],
  ])('refuses mlp(%j, %j)', (units, options, message) => {
    expect(() => mlp(units as number[], options as MlpOptions)).toThrow(message);
  });
});
