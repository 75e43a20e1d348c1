import { testSchedule } from '@polytask/testing';
import { learningRateAt } from '@polytask/training';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testSchedule(myComponent({ peak: 0.1, warmup: 5 }), { module, runner });

it('has its peak at the end of the warm-up, and half of it after four times as many steps', () => {
  const rate = (step: number) => learningRateAt(myComponent({ peak: 0.1, warmup: 5 }), { step, stepsPerEpoch: 10 });
  expect([rate(0), rate(4), rate(19)].map((each) => Number(each.toFixed(12)))).toEqual([0.02, 0.1, 0.05]);
});
