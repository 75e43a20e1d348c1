import { testGate } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testGate(myComponent(), { module, runner });
testGate(myComponent({ reads: 'raw' }), { name: 'myComponent on the raw input', module, runner });

it('refuses an unknown input', () => {
  expect(() => myComponent({ reads: 'row' as 'raw' })).toThrow('my-package/my-component.reads');
});
