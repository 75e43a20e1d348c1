import { testComponents } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import * as components from './index.ts';

testComponents(components, { runner }); // with the examples of their definitions

it('refuses a width of 0', () => {
  expect(() => components.myComponent({ widths: [0] })).toThrow('my-package/my-component.widths');
});
