import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLoss } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

const values = [{ outputs: [7], label: 1, loss: Math.log(1 + ((7 - 1) / 2) ** 2) }]; // of the equation
testLoss(myComponent({ scale: 2 }), { values, module, runner, serving, server });

it('refuses a scale of 0', () => {
  expect(() => myComponent({ scale: 0 })).toThrow('my-package/my-component.scale');
});
