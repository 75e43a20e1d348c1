import { testComponents } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import * as components from './index.ts';

testComponents(components, { runner }); // with the examples of their definitions

it('refuses an empty directory', () => {
  expect(() => components.myComponent({ directory: '' })).toThrow('my-package/my-component.directory');
});
