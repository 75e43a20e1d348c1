import { doubleMath, rowLossOf } from '@polytask/core';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLoss } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testLoss(myComponent({ scale: 2 }), { module, runner, serving, server });

it('is the logarithm of 1 and the squared error', () => {
  const loss = rowLossOf(myComponent({ scale: 2 }), 1); // of a task with one output
  expect(loss(7, 1, doubleMath)).toBeCloseTo(Math.log(1 + ((7 - 1) / 2) ** 2), 12);
});

it('refuses a scale of 0', () => {
  expect(() => myComponent({ scale: 0 })).toThrow('my-package/my-component.scale');
});
