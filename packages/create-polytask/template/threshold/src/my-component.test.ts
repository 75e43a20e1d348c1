import { testThreshold } from '@polytask/testing';
import { chooseThreshold } from '@polytask/training';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

testThreshold(myComponent(), { runner });

it('says yes to the rows with the largest Jaccard index', () => {
  const rows = { labels: [1, 0, 1, 0, 0], predictions: [0.9, 0.8, 0.7, 0.2, 0.1], weights: [1, 1, 1, 1, 1] };
  const all = Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, Float64Array.from(values)]));
  const threshold = chooseThreshold(myComponent(), all as Parameters<typeof chooseThreshold>[1]);
  expect(threshold).toBeCloseTo((0.7 + 0.2) / 2, 12); // 2 of 3; above .8 it is 1 of 2
});
