import { mlp } from '@polytask/experts';
import { testModel } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testModel(myComponent({ experts: mlp([4]), pool: 3 }), { name: 'myComponent', module, runner });

it('refuses a pool without experts', () => {
  expect(() => myComponent({ experts: mlp([4]), pool: 0 })).toThrow('my-package/my-component.pool');
});
