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

const expert = (name: string, about: { package?: string }, outputDim = 1) =>
  defineExpert(name, () => ({ outputDim, apply: (x: tf.Tensor) => x }), about);

it('a second definition of a name is refused, also with the same text', async () => {
  const taken = 'received "test.twice", which is taken. Choose another name';
  expert('test.twice', {});
  expect(() => expert('test.twice', {}, 2)).toThrow(taken);
  await Promise.resolve();
  expect(() => expert('test.twice', {}, 2)).toThrow(taken);
  const inLoop = () => [1, 2].map((width) => expert('test.loop', {}, width));
  expect(inLoop).toThrow('received "test.loop", which is taken');
});

it('a package may define its components again, and no other package', () => {
  expert('test/packaged', { package: 'test' });
  const again = expert('test/packaged', { package: 'test' }, 2);
  expect(resolve<{ build: () => { outputDim: number } }>(again()).builder.build().outputDim).toBe(2);
  expect(() => expert('test/packaged', { package: 'other' })).toThrow('"test/packaged", which is taken by test');
});

it('a module that is loaded twice defines its components once', async () => {
  for (let load = 0; load < 2; load++) {
    const own = {
      expert: defineExpert('test.reloaded', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
        variants: { 'test.reloaded': { layer: () => ({}) } },
      }),
      gate: defineGate('test.reloaded', ({ mask }) => ({ reads: 'nothing', apply: () => mask })),
    };
    expect([own.expert().name, own.gate().name]).toEqual(['test.reloaded', 'test.reloaded']);
    await Promise.resolve(); // a module is loaded again by another run of code
  }
  expect(registered('expert').filter((name) => name === 'test.reloaded')).toHaveLength(1);
});
