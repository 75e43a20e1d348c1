import { rowEncoder } from '@polytask/core';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testFeature } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testFeature(myComponent(), { values: [1, 4, -9, null], module, runner, serving, server });

const visits = { ...myComponent(), largest: 16 };
const encode = rowEncoder({ features: { visits } });

it('is the root of the share of the largest number', () => {
  const rows = [{ visits: 4 }, { visits: -16 }, { visits: null }];
  expect([...encode(rows).numeric]).toEqual([0.5, -1, 0]);
});

it('refuses a text', () => {
  expect(() => encode([{ visits: 'often' }])).toThrow('for feature "visits", received "often"');
});
