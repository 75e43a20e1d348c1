import { describe, expect, it, test } from 'vitest';
import type { Arithmetic } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from '../optimizer.ts';
import {
  flatBuffers,
  GRADIENT,
  PARAMETER,
  record,
  slotBuffer,
  type FlatBuffers,
  wasmSweep,
  blockSweep,
} from './sweeps.ts';

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

type Update = Optimizer['update'];

const optimizerOf = (update: Update, slots: Record<string, number> = {}): Optimizer => ({
  ...{ name: 'test', perRow: false, isEager: false, isExactByRows: false, idle: undefined, slots },
  coefficients: () => ({}),
  update,
});

/** Both sweeps, by name; the one in WebAssembly must be there. */
const sweeps = {
  wasm: (optimizer: Optimizer, names: string[], buffers: FlatBuffers) =>
    wasmSweep(record(optimizer, names), names, buffers)!,
  blocks: (optimizer: Optimizer, _: string[], buffers: FlatBuffers) => blockSweep(optimizer, buffers),
};

const smallest = 2 ** -149;
const special = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  smallest,
  -smallest,
  2 ** -126 * 0.75,
  3.4028234663852886e38,
  -1.1754943508222875e-38,
];

/** Every special number with every other one, and numbers of all sizes, signs and bit patterns. */
function operands(): [Float32Array, Float32Array] {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
  let state = 1;
  const next = () => (state = Math.imul(state, 1_664_525) + 1_013_904_223);
  const words = Int32Array.from({ length: 4000 }, next);
  const random = [...new Float32Array(words.buffer)];
  const all = [...pairs, ...random.map((a, i) => [a, random[(i * 7 + 1) % random.length]!] as const)];
  return [Float32Array.from(all, ([a]) => a), Float32Array.from(all, ([, b]) => b)];
}

type Name = keyof Arithmetic<never>;

/** Each operation in double precision; rounded to float32 afterwards, which gives what float32 arithmetic gives. */
const expected: Record<Name, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  neg: (a) => -a,
  abs: Math.abs,
  sign: (a) => (a > 0 ? 1 : a < 0 ? -1 : 0),
  sqrt: Math.sqrt,
  square: (a) => a * a,
};

describe.each(Object.keys(sweeps) as (keyof typeof sweeps)[])('the sweep of %s', (kind) => {
  const [a, b] = operands();

  it.each(Object.keys(expected) as Name[])('has %s of all float32 numbers, bit for bit', (name) => {
    const rule = optimizerOf(({ parameter, gradient }, _, math) => ({
      parameter: math[name](parameter, gradient),
      slots: {},
    }));
    const buffers = flatBuffers([PARAMETER, GRADIENT], a.length);
    buffers.arrays[PARAMETER]!.set(a);
    buffers.arrays[GRADIENT]!.set(b);
    sweeps[kind](rule, [], buffers)({}, a.length);
    const received = buffers.arrays[PARAMETER]!;
    const wrong = [...a.keys()].filter((i) => !Object.is(received[i], Math.fround(expected[name](a[i]!, b[i]!))));
    expect(wrong.map((i) => `${name}(${a[i]}, ${b[i]}) = ${received[i]}`)).toEqual([]);
    expect(buffers.arrays[GRADIENT]).toEqual(b);
  });

  it('rounds coefficients and numbers to float32 once', () => {
    const rule = optimizerOf(({ parameter }, { third }, { add, mul }) => ({
      parameter: add(mul(parameter, third!), 0.1),
      slots: {},
    }));
    const buffers = flatBuffers([PARAMETER, GRADIENT], 5);
    buffers.arrays[PARAMETER]!.fill(3);
    sweeps[kind](rule, ['third'], buffers)({ third: 1 / 3 }, 5);
    const product = Math.fround(3 * Math.fround(1 / 3));
    expect([...buffers.arrays[PARAMETER]!]).toEqual(Array(5).fill(Math.fround(product + Math.fround(0.1))));
  });

  it('reads everything before it writes anything, and takes values as they are', () => {
    const swap: Update = ({ parameter, slots }, { rate }) => ({
      parameter: slots['a']!,
      slots: { b: rate!, a: parameter },
    });
    const buffers = flatBuffers([PARAMETER, GRADIENT, slotBuffer('a'), slotBuffer('b')], 6);
    buffers.arrays[PARAMETER]!.fill(1);
    buffers.arrays[slotBuffer('a')]!.fill(2);
    sweeps[kind](optimizerOf(swap, { a: 0, b: 0 }), ['rate'], buffers)({ rate: 7 }, 6);
    expect(Object.values(buffers.arrays).map((array) => [...array])).toEqual(
      [2, 0, 1, 7].map((value) => Array(6).fill(value)),
    );
  });

  it.each([1, 3, 4, 16, 17, 1024, 1029])('touches nothing beyond the %i numbers of each buffer', (size) => {
    const rule = optimizerOf(
      ({ parameter, gradient, slots }, _, { add }) => ({
        parameter: add(parameter, gradient),
        slots: { n: add(slots['n']!, 1) },
      }),
      { n: 0 },
    );
    const buffers = flatBuffers([PARAMETER, GRADIENT, slotBuffer('n')], size);
    buffers.arrays[GRADIENT]!.forEach((_, i, array) => (array[i] = i + 1));
    const sweep = sweeps[kind](rule, [], buffers);
    sweep({}, size);
    sweep({}, size);
    const { [PARAMETER]: parameters, [GRADIENT]: gradients, [slotBuffer('n')]: n } = buffers.arrays;
    expect([...gradients!]).toEqual(Array.from({ length: size }, (_, i) => i + 1));
    expect([...parameters!]).toEqual(Array.from({ length: size }, (_, i) => 2 * (i + 1)));
    expect([...n!]).toEqual(Array(size).fill(2));
  });
});

it('there is none in WebAssembly for buffers elsewhere', () => {
  const rule = optimizerOf(({ parameter }) => ({ parameter, slots: {} }));
  const elsewhere = {
    memory: undefined,
    arrays: { [PARAMETER]: new Float32Array(4), [GRADIENT]: new Float32Array(4) },
  };
  expect(wasmSweep(record(rule, []), [], elsewhere)).toBeUndefined();
});
