import { expect, it } from 'vitest';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { componentsOf, registered } from './registry.ts';

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
