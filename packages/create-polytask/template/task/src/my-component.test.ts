import { encodedScores, labelDecoder } from '@polytask/core';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testTask } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testTask(myComponent(), { module, runner, serving, server });

it('predicts e^z times the mean label', () => {
  const task = { ...myComponent(), fitted: { mean: 4, deviation: 1 } };
  const [score] = encodedScores(task, [Math.log(2)], 1); // one row with one output
  expect(labelDecoder(task)(score!)).toBeCloseTo(8, 12);
});
