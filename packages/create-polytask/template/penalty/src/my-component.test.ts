import { mlp } from '@polytask/experts';
import { testModel, testPenalty } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';
import { penalized } from './penalized.ts';

const module = new URL('./index.ts', import.meta.url).href;

testPenalty(myComponent({ weight: 0.1 }), { module, runner });
testModel(penalized({ experts: mlp([4]), pool: 3 }), { module, runner });

it('refuses a weight below 0', () => {
  expect(() => myComponent({ weight: -1 })).toThrow('my-package/my-component.weight');
});
