import { expect, it } from 'vitest';
import { passExpert } from './pass-expert.ts';
import { rows, testBank } from './testing/bank.ts';

it('gives each member what it reads, exactly, and has no parameters', () => {
  const { run, store, bank } = testBank(passExpert());
  const inputs = [rows(4, 3, 'a'), rows(4, 3, 'b'), rows(4, 3, 'c')];
  const wanted = inputs.map((each) => each.map((row) => [...Float32Array.from(row)]));
  expect(run(inputs)).toEqual(wanted);
  expect(store.count()).toBe(0);
  expect(bank.outputDim).toBe(3);
  expect(() => (passExpert as (config: object) => unknown)({ units: 3 })).toThrow('Expected an option of pass, received "units".');
});
