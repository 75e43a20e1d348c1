import { labelsOf } from '@polytask/core';
import { encode, fitSchema, numeric, parseCsv } from '@polytask/data';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLabel } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

const module = new URL('./my-component.ts', import.meta.url).href;

testLabel('my-package/my-component', { task: myComponent(), module, runner, serving, server });

const labels = (...cells: string[]) => {
  const declaration = { features: { age: numeric() }, tasks: { stay: myComponent() } };
  const table = parseCsv(`age,stay\n${cells.map((cell) => `40,${cell}`).join('\n')}\n`, declaration);
  const { arrays, schema } = encode(table, fitSchema(table));
  const { mean } = schema.tasks.stay.fitted as { mean: number };
  return Array.from(labelsOf(arrays, 'stay').labels, (label) => Math.round(10 * label * mean) / 10);
};

it('reads minutes and hours, and nothing else', () => {
  expect(labels('14.1', '20 min', '1.5 h')).toEqual([14.1, 20, 90]);
  expect(() => labels('14', 'long')).toThrow('Expected a duration such as 14.1, 14 min or 1.5 h');
});
