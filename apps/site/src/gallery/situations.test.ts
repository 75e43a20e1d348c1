import { models } from '@polytask/study';
import { describe, expect, it } from 'vitest';
import { misfit, SITUATIONS, situationsOf } from './situations.ts';

describe('the situations', () => {
  it('name architectures that comparisons know', () => {
    const names = models().map(({ name }) => name);
    for (const situation of SITUATIONS) expect(names).toEqual(expect.arrayContaining([...situation.models]));
  });

  it('have every architecture that needs a scenario', () => {
    const needy = models().filter(({ needsContext }) => needsContext);
    expect(needy.map(({ name }) => name)).toContain('star');
    for (const { name } of needy) expect(situationsOf(name).map(({ id }) => id)).toContain('scenarios');
  });
});

it('a funnel on census-income is no fair test', () => {
  expect(misfit('esmm', 'census-income')).toContain("census-income aren't the steps of a funnel");
  expect(misfit('esmm', 'funnel')).toBeUndefined();
  expect(misfit('ple', 'census-income')).toBeUndefined();
});
