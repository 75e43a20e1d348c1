import { defineInput, type FeatureColumns, type Input, type InputSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { testInput } from './input.ts';

const SHAPES = 'its outputs and the columns of features are where it says';
const ROWS = 'a row has the same outputs alone and in a batch';
const COLUMNS = 'its outputs and the columns of features are where it says';
const REACH = 'gradients reach every weight';

const features = { x: { kind: 'vector', width: 3 }, y: { kind: 'vector', width: 2 } } as const;

/** The numbers times a factor for each, with a flaw. */
const flawed = (name: string, flaw: (input: Input, factors: tf.Variable) => Partial<Input>): InputSpec =>
  defineInput(`test.flawed-${name}`, ({ weight, layout }) => {
    const factors = weight('factors', [1, layout.numeric]);
    const sound: Input = {
      outputDim: layout.numeric,
      features: new Map([['x', { from: 0, width: 3 }], ['y', { from: 3, width: 2 }]]), // prettier-ignore
      apply: ({ numeric }) => tf.mul(numeric, factors),
    };
    return { ...sound, ...flaw(sound, factors) };
  })();

const at = (columns: Record<string, FeatureColumns>) => () => ({ features: new Map(Object.entries(columns)) });

const FLAWS: readonly [string, InputSpec, readonly string[]][] = [
  ['none', flawed('none', () => ({})), []],
  ['a width that it has not', flawed('width', () => ({ outputDim: 6 })), [SHAPES]],
  ['each number twice', flawed('twice', ({ apply }) => ({ apply: (of) => tf.tile(apply(of), [1, 2]) })), [SHAPES]],
  ['columns that overlap', flawed('overlap', at({ x: { from: 0, width: 3 }, y: { from: 2, width: 3 } })), [COLUMNS]],
  ['one place for two', flawed('same', at({ x: { from: 0, width: 5 }, y: { from: 0, width: 5 } })), [COLUMNS]],
  ['columns beyond the end', flawed('beyond', at({ x: { from: 0, width: 3 }, y: { from: 3, width: 3 } })), [COLUMNS]],
  [
    'columns that are another feature',
    flawed('swap', at({ x: { from: 2, width: 3 }, y: { from: 0, width: 2 } })),
    [COLUMNS],
  ],
  [
    'a mean over the batch',
    flawed('batch', ({ apply }) => ({
      apply: (of) => {
        const outputs = apply(of);
        return tf.sub(outputs, tf.mean(outputs, 0, true));
      },
    })),
    [ROWS],
  ],
];

it.each(FLAWS)('finds %s', async (_, spec, expected) => {
  const failures = await failing(testInput.cases(spec, { name: 'mine', features, compiled: false }), expected);
  for (const each of expected) expect(failures[each]).toMatch(`input mine: "${each}" doesn't hold.`);
  if (expected.length === 0) expect(failures).toEqual({});
});

it('finds a weight that no output reads', async () => {
  const spec = defineInput('test.flawed-unread', ({ weight, layout }) => {
    weight('unread', [2, 2]);
    return { outputDim: layout.numeric, apply: ({ numeric }) => numeric };
  })();
  const failures = await failing(testInput.cases(spec, { name: 'mine', features, compiled: false }));
  expect(failures[REACH]).toMatch('saw none for input.unread');
});
