import { testExpert, tinyBank } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testExpert(myComponent({ units: 4 }), { outputDim: 4, module, runner });

it('is the sine of an affine map', () => {
  const bank = tinyBank(myComponent({ units: 1 }), { members: ['task.0'], inputDim: 1 });
  bank.write('e.kernel', [2]);
  bank.write('e.bias', [1]);
  expect(bank.run([[[3]]])[0]![0]![0]).toBeCloseTo(Math.sin(2 * 3 + 1), 5);
});

it('refuses a width of 0', () => {
  expect(() => myComponent({ units: 0 })).toThrow('my-package/my-component.units');
});
