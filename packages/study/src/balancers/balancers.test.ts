import { balancerNeeds, createBalancer } from '@polytask/balancing';
import { componentsOf, randomDraws, randomStream } from '@polytask/core';
import { expect, test } from 'vitest';
import { balancers } from './balancers.ts';

test('every balancer that needs no numbers of its own is there, and each works on tasks', () => {
  const names = balancers().flatMap(({ spec }) => (spec ? [spec.name] : []));
  const needNumbers = ['equal', 'static-weights']; // equal is the control
  const own = componentsOf('balancer').filter((each) => each.package === '@polytask/balancing');
  expect(new Set(names)).toEqual(new Set(own.flatMap(({ name }) => (needNumbers.includes(name) ? [] : [name]))));
  for (const { name, spec } of balancers()) {
    if (!spec) continue;
    const { needs } = createBalancer(spec, { tasks: ['a', 'b'], random: randomDraws(randomStream(1, 'x')) });
    expect(needs).toEqual(balancerNeeds(spec));
    expect(name.replace('@representation', '')).toBe(spec.name);
    expect(needs.of === 'representation').toBe(name.endsWith('@representation'));
  }
  const rotograd = balancers().find(({ also }) => also?.includes('rotograd'))!;
  expect(rotograd.name).toBe('rotograd@representation');
});
