import { testSearch } from '@polytask/testing';
import { startSearch } from '@polytask/training/search';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

testSearch(myComponent({ startup: 3 }), { runner });

it('comes nearer to the best', () => {
  const space = { rate: { from: 0, to: 1 } };
  const rounds = startSearch(myComponent({ startup: 5 }), { space, trials: 20, epochs: 1 });
  const tried: number[] = [];
  for (let step = rounds.next(); !step.done; step = rounds.next([-Math.abs(tried.at(-1)! - 0.3)]))
    tried.push(step.value[0]!.values['rate'] as number);
  const errors = tried.map((rate) => Math.abs(rate - 0.3));
  expect(Math.max(...errors.slice(-5))).toBeLessThan(Math.max(...errors.slice(0, 5)));
});

it('refuses a start with no configuration', () => {
  expect(() => myComponent({ startup: 0 })).toThrow('my-package/my-component.startup');
});
