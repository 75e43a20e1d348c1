import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { operations } from '../testing/check-rule.ts';
import { trace } from '../trace.ts';
import { replay } from './replay.ts';

const spec = { x: { shape: [2, 3] }, y: { shape: [2, 3] } };

it('writes the same graph again, without what no result needs', () => {
  const recorded = trace((x, y) => {
    tf.exp(x!);
    return { sum: tf.add(x!, y!), same: x!, one: tf.ones([2]) };
  }, spec);
  const again = replay(recorded, {});
  expect(operations(again)).toEqual(operations(recorded));
  expect(again.graph.nodes.map(({ op }) => op)).toEqual(['Add']);
  expect(again.graph.inputs.map(({ input, shape }) => [input, shape])).toEqual([
    ['x', [2, 3]],
    ['y', [2, 3]],
  ]);
  expect(again.outputs.map(({ name, value }) => [name, value.input, value.constant])).toEqual([
    ['sum', undefined, undefined],
    ['same', 'x', undefined],
    ['one', undefined, Float32Array.of(1, 1)],
  ]);
});

it('makes constants of inputs', () => {
  const recorded = trace((x, y) => tf.add(x!, y!), spec);
  const numbers = Float32Array.of(1, 2, 3, 4, 5, 6);
  const { graph } = replay(recorded, { constants: { y: numbers } });
  expect(graph.inputs.map(({ input }) => input)).toEqual(['x']);
  expect((graph.nodes[0]!.inputs[1] as { constant?: unknown }).constant).toBe(numbers);
});

it('says to a rule what gives a value, and how often it is used', () => {
  const recorded = trace((x, y) => tf.mul(tf.exp(x!), tf.add(tf.exp(x!), y!)), spec);
  const seen: [string, (string | undefined)[], number[]][] = [];
  replay(recorded, {
    rule: ({ op, inputs }, { producer, uses }) => {
      const values = inputs as Parameters<typeof producer>[0][];
      seen.push([op, values.map((value) => producer(value)?.op), values.map(uses)]);
      return undefined;
    },
  });
  expect(seen).toEqual([
    ['Exp', [undefined], [1]],
    ['Add', ['Exp', undefined], [2, 1]],
    ['Mul', ['Exp', 'Add'], [2, 1]],
  ]);
});

it('takes what a rule gives', () => {
  const recorded = trace((x, y) => tf.mul(tf.exp(x!), y!), spec);
  const without = replay(recorded, {
    rule: ({ op, inputs }) => (op === 'Exp' ? [inputs[0] as (typeof recorded.outputs)[0]['value']] : undefined),
  });
  expect(operations(without)).toEqual(['Mul']);
});
