import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { Optimizer } from '../optimizer.ts';
import { record, GRADIENT, PARAMETER, slotBuffer } from './recorder.ts';

type Update = Optimizer['update'];

const recorded = (update: Update, slots: Record<string, number> = {}) =>
  record(
    {
      name: 'mine',
      perRow: false,
      isEager: false,
      isExactByRows: false,
      idle: undefined,
      slots,
      coefficients: () => ({}),
      update,
    },
    ['rate'],
  );

test('an update becomes a list of values in the order of their use', () => {
  const { nodes, stores } = recorded(
    ({ parameter, gradient, slots }, { rate }, { sub, mul, square, add }) => {
      const sum = add(slots['sum']!, square(gradient));
      return { parameter: sub(parameter, mul(sum, rate!)), slots: { sum: mul(sum, 0.5) } };
    },
    { sum: 0 },
  );
  expect(nodes).toEqual([
    { kind: 'buffer', name: PARAMETER },
    { kind: 'buffer', name: GRADIENT },
    { kind: 'buffer', name: slotBuffer('sum') },
    { kind: 'coefficient', name: 'rate' },
    { kind: 'operation', operation: 'mul', inputs: [1, 1] },
    { kind: 'operation', operation: 'add', inputs: [2, 4] },
    { kind: 'operation', operation: 'mul', inputs: [5, 3] },
    { kind: 'operation', operation: 'sub', inputs: [0, 6] },
    { kind: 'constant', value: 0.5 },
    { kind: 'operation', operation: 'mul', inputs: [5, 8] },
  ]);
  expect(stores).toEqual([
    { buffer: PARAMETER, node: 7 },
    { buffer: slotBuffer('sum'), node: 9 },
  ]);
});

test.each<[string, Update, string]>([
  [
    'looks at numbers',
    (now) => ({ ...now, parameter: (now.gradient as number) > 0 ? now.gradient : now.parameter }),
    'asks for the numbers',
  ],
  [
    'takes a norm',
    (now, _, { div }) => ({ ...now, parameter: div(now.parameter, tf.norm(now.gradient as tf.Tensor) as never) }),
    'norm',
  ],
  [
    'misspells a coefficient',
    (now, { rat }, { mul }) => ({ ...now, parameter: mul(now.parameter, rat!) }),
    'neither a value',
  ],
  ['gives a text', (now) => ({ ...now, parameter: 'zero' as never }), 'neither a value'],
  [
    'gives a slot that it has not',
    (now) => ({ ...now, slots: { m: now.gradient } }),
    'it gives the slots [m], not its own, []',
  ],
])('an update that %s is refused', (_, update, reason) => {
  expect(() => recorded(update)).toThrow('The update of the optimizer "mine" is not elementwise arithmetic: ');
  expect(() => recorded(update)).toThrow(reason);
  expect(() => recorded(update)).toThrow('it must use nothing but the functions that it is given.');
});
