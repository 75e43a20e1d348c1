import { createBalancer } from '@polytask/balancing';
import { testBalancer } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testBalancer(myComponent(), { module, runner });

/** Numbers for rules that draw; this rule draws none. */
const random = { uniform: () => [0.5], normal: () => [0], permutation: () => [0, 1] };
const place = { step: 0, epoch: 0 };

const weights = (gramian: number[][]) =>
  createBalancer(myComponent(), { tasks: ['a', 'b'], random }).weights(place, { losses: [1, 1], gramian });

it('gives each gradient length 1', () => {
  const [a, b] = weights([
    [4, 1],
    [1, 9],
  ]);
  expect(a).toBeCloseTo(1 / 2, 12);
  expect(b).toBeCloseTo(1 / 3, 12);
});

it("doesn't depend on the scale of a loss", () => {
  const [a, b] = weights([
    [400, 10],
    [10, 9],
  ]); // the first loss is 10 times as large, and so is its gradient
  expect(a! * 10).toBeCloseTo(1 / 2, 12);
  expect(b).toBeCloseTo(1 / 3, 12);
});

it('leaves a task without a gradient out', () => {
  expect(
    weights([
      [0, 0],
      [0, 9],
    ])[0],
  ).toBe(0);
});
