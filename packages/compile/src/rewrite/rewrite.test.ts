import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { constantInputs } from '../rules/constants.ts';
import { operations } from '../testing/check-rule.ts';
import { trace } from '../trace.ts';
import { rewrite, type Rule } from './rewrite.ts';

const spec = { x: { shape: [2, 3] }, y: { shape: [2, 3] } };

/** Takes an operation away. */
const leaveOut = (op: string): Rule<true> => ({
  name: `leave-out-${op}`,
  why: '',
  ops: [op],
  match: () => true,
  rewrite: (_, { operands }) => operands[0]!,
});

it('writes the same graph again, without what no result needs', () => {
  const recorded = trace((x, y) => {
    tf.exp(x!);
    return { sum: tf.add(x!, y!), same: x!, one: tf.ones([2]) };
  }, spec);
  const again = rewrite(recorded, [[]]);
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
  const { graph } = rewrite(recorded, [[constantInputs({ y: numbers })]]);
  expect(graph.inputs.map(({ input }) => input)).toEqual(['x']);
  expect((graph.nodes[0]!.inputs[1] as { constant?: unknown }).constant).toBe(numbers);
});

it('says to a rule what gives a value, how often it is used and who reads it', () => {
  const recorded = trace((x, y) => ({ z: tf.mul(tf.exp(x!), tf.add(tf.exp(x!), y!)), e: tf.exp(x!) }), spec);
  const seen: unknown[] = [];
  const look: Rule = {
    name: 'look',
    why: '',
    ops: ['Exp', 'Add', 'Mul'],
    match(site, view) {
      const areExp = site.operands.map((value) => view.graph.producer(value, 'Exp') !== undefined);
      seen.push([
        site.op,
        areExp,
        site.operands.map((value) => view.uses(value)),
        view.readers(site).map(({ op }) => op),
        view.isOutput(site),
      ]);
      return undefined;
    },
    rewrite: (_, { result }) => result,
  };
  rewrite(recorded, [[look]]);
  expect(seen).toEqual([
    ['Exp', [false], [1], ['Add', 'Mul'], true],
    ['Add', [true, false], [3, 1], ['Mul'], false],
    ['Mul', [true, false], [3, 1], [], true],
  ]);
});

it('tells what a value was transposed and reshaped from', () => {
  const seen: unknown[] = [];
  const look: Rule = {
    name: 'look',
    why: '',
    ops: ['Concat'],
    match({ operands: [a, b] }, view) {
      seen.push(
        view.graph.transposed(a!)?.perm,
        view.graph.reshaped(a!),
        view.graph.transposed(b!),
        view.graph.reshaped(b!)?.input,
      );
      return undefined;
    },
    rewrite: (_, { result }) => result,
  };
  rewrite(
    trace((x, y) => tf.concat([tf.transpose(x!), tf.reshape(y!, [3, 2])]), spec),
    [[look]],
  );
  expect(seen).toEqual([[1, 0], undefined, undefined, 'y']);
});

it('takes what a rule gives, and counts', () => {
  const recorded = trace((x, y) => tf.mul(tf.exp(x!), tf.sin(tf.exp(y!))), spec);
  const { rewrites, ...after } = rewrite(recorded, [[leaveOut('Exp')], [leaveOut('Cos')]]);
  expect(operations(after)).toEqual(['Sin', 'Mul']);
  expect(rewrites).toEqual({ 'leave-out-Exp': 2, 'leave-out-Cos': 0 });
});

it('asks the rules of a walk in their order, and those of the next walk about what they left', () => {
  const recorded = trace((x) => tf.exp(tf.sin(x!)), spec);
  const other: Rule<true> = { ...leaveOut('Exp'), name: 'other' };
  expect(rewrite(recorded, [[leaveOut('Exp'), other]]).rewrites).toEqual({ 'leave-out-Exp': 1, other: 0 });
  expect(rewrite(recorded, [[leaveOut('Exp')], [other]]).rewrites).toEqual({ 'leave-out-Exp': 1, other: 0 });
  expect(rewrite(recorded, [[other, leaveOut('Exp')]]).rewrites).toEqual({ 'leave-out-Exp': 0, other: 1 });
});

it('leaves out rules by name', () => {
  const recorded = trace((x) => tf.exp(tf.sin(x!)), spec);
  const passes = [[leaveOut('Exp'), leaveOut('Sin')]];
  const after = rewrite(recorded, passes, { without: ['leave-out-Sin'] });
  expect(operations(after)).toEqual(['Sin']);
  expect(after.rewrites).toEqual({ 'leave-out-Exp': 1, 'leave-out-Sin': 0 });
  expect(() => rewrite(recorded, passes, { without: ['leave-out-Tan'] })).toThrow(
    'received "leave-out-Tan". Take some of leave-out-Exp, leave-out-Sin.',
  );
});
