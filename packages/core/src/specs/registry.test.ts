import type * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { resolve, componentsOf, registered } from '@polytask/components';

it('a component carries what lists say of it', () => {
  defineExpert('test.described', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
    description: 'what it reads',
    paper: 'Nobody 2026, eq. 1',
    bankable: false,
  });
  defineGate('test.plain', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
  expect(componentsOf('expert').at(-1)).toEqual({
    name: 'test.described',
    description: 'what it reads',
    paper: 'Nobody 2026, eq. 1',
  });
  expect(componentsOf('gate').at(-1)).toEqual({ name: 'test.plain' });
  expect(componentsOf('gate').map(({ name }) => name)).toEqual(registered('gate'));
  expect(componentsOf('gate').find(({ name }) => name === 'sum')).toMatchObject({
    paper: 'Li et al., KDD 2023, eq. 11',
  });
});

const expert = (name: string, about: { package?: string }, width = 1) =>
  defineExpert(name, width === 1 ? one : two, about);
const one = () => ({ outputDim: 1, apply: (x: tf.Tensor) => x });
const two = () => ({ outputDim: 2, apply: (x: tf.Tensor) => x });

it('a definition that is loaded again replaces itself, and another one of its name is refused', () => {
  expert('test.twice', {});
  expect(() => expert('test.twice', {})).not.toThrow();
  expect(() => expert('test.twice', {}, 2)).toThrow('received "test.twice", which is taken. Choose another name');
  expert('test/packaged', { package: 'test' });
  expect(() => expert('test/packaged', { package: 'test' }, 2)).not.toThrow();
  expect(() => expert('test/packaged', { package: 'other' })).toThrow('"test/packaged", which is taken by test');
  expect(
    resolve<{ build: () => { outputDim: number } }>(expert('test/packaged', { package: 'test' }, 2)()).builder.build()
      .outputDim,
  ).toBe(2);
});

it('a module that is loaded twice defines its components once', () => {
  const load = () => ({
    expert: defineExpert('test.reloaded', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
      variants: { 'test.reloaded': { layer: () => ({}) } },
    }),
    gate: defineGate('test.reloaded', ({ mask }) => ({ reads: 'nothing', apply: () => mask })),
  });
  const [first, second] = [load(), load()];
  expect(first.expert()).toEqual(second.expert());
  expect(first.gate()).toEqual(second.gate());
  expect(registered('expert').filter((name) => name === 'test.reloaded')).toHaveLength(1);
  expect(() => defineGate('test.reloaded', ({ mask }) => ({ reads: 'raw', apply: () => mask }))).toThrow(
    'received "test.reloaded", which is taken',
  );
});
