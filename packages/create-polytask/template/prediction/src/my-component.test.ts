import { encodedScores } from '@polytask/core';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLoss, testPrediction } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { bothEnds, myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testPrediction('my-package/my-component', { task: myComponent(), module, runner, serving, server });
testLoss(bothEnds(), { module, runner });

it('predicts a range whose high end is above its low one', () => {
  const task = { ...myComponent(), fitted: { mean: 4, deviation: 2 } };
  const [low, high] = encodedScores(task, [-1, Math.log(Math.E - 1)], 2);
  expect(low).toBe(-1);
  expect(high).toBeCloseTo(0, 12);
});
