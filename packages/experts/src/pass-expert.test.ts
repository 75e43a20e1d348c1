import { tinyBank, tinyRows } from '@polytask/testing';
import { expect, it } from 'vitest';
import { passExpert } from './pass-expert.ts';

it('gives each member what it reads, exactly, and has no parameters', () => {
  const { run, store, bank } = tinyBank(passExpert());
  const inputs = [tinyRows(4, 3, 'a'), tinyRows(4, 3, 'b'), tinyRows(4, 3, 'c')];
  const expected = inputs.map((each) => each.map((row) => [...Float32Array.from(row)]));
  expect(run(inputs)).toEqual(expected);
  expect(store.count()).toBe(0);
  expect(bank.outputDim).toBe(3);
  expect(() => (passExpert as (config: object) => unknown)({ units: 3 })).toThrow(
    'Expected an option of pass, received "units".',
  );
});
