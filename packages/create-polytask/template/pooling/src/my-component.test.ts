import { testPooling } from '@polytask/testing';
import * as runner from 'vitest';
import { myComponent } from './my-component.ts';

testPooling(myComponent(), { runner });
