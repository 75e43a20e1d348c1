import { balancerKinds, createBalancer } from '@polytask/balancing';
import { randomDraws, randomStream } from '@polytask/core';
import { expect, test } from 'vitest';
import { balancedName, balancers, CONTROL, modelOfName } from './balancers.ts';

test('every balancer that needs no numbers of its own is there, and each works on tasks', () => {
  const kinds = balancers().flatMap(({ spec }) => (spec ? [spec.kind] : []));
  const needNumbers = ['equal', 'static-weights']; // equal is the control
  expect([...new Set(kinds)].sort()).toEqual(
    balancerKinds()
      .filter((kind) => !needNumbers.includes(kind))
      .sort(),
  );
  for (const { name, spec } of balancers()) {
    if (!spec) continue;
    expect(createBalancer(spec, { tasks: ['a', 'b'], random: randomDraws(randomStream(1, 'x')) }).contract).toBe(
      spec.contract,
    );
    expect(name.replace('@representation', '')).toBe(spec.kind);
    expect(spec.of === 'representation').toBe(name.endsWith('@representation'));
  }
});

test('a trial under the control is called as its model', () => {
  const pcgrad = balancers().find(({ name }) => name === 'pcgrad')!;
  expect([balancedName('adatt', CONTROL), balancedName('adatt', pcgrad)]).toEqual(['adatt', 'adatt + pcgrad']);
  expect(modelOfName('adatt + pcgrad')).toBe('adatt');
});
