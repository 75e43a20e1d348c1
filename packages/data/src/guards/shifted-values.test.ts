import { binary, randomStream, regression } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, numeric } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { inspect } from './inspect.ts';
import { shiftedValues } from './shifted-values.ts';

/** Rows whose age and state are moved by a shift. */
const people = (rows: number, seed: number, { age = 0, state = 0, yes = 0.3 } = {}) => {
  const noise = randomStream(seed, 'age').normal(rows);
  const chance = randomStream(seed, 'state').uniform(3 * rows);
  return fromRows(
    Array.from({ length: rows }, (_, i) => ({
      age: noise[i]! + age,
      state: `s${Math.floor(chance[i]! ** (1 + state) * 4)}`,
      user: `u${seed}.${i}`,
      click: Number(chance[rows + i]! < yes),
      hours: chance[2 * rows + i]!,
    })),
    {
      features: { age: numeric(), state: categorical(), user: categorical() },
      tasks: { click: binary(), hours: regression() },
    },
  );
};
const raw = people(1000, 1);
const train = encode(raw, fitSchema(raw));
const shiftsOf = (...chosen: Parameters<typeof people>) =>
  shiftedValues(['test', encode(people(...chosen), train.schema)], train).map(
    ({ about }) => about.column ?? about.task,
  );

it('names features and labels that have another distribution', () => {
  expect(shiftsOf(500, 2, { age: 1 })).toEqual(['age']);
  expect(shiftsOf(500, 2, { state: 2 })).toEqual(['state']);
  expect(shiftsOf(500, 2, { yes: 0.7 })).toEqual(['click']);
  const [warning] = shiftedValues(['test', encode(people(500, 2, { age: 1 }), train.schema)], train);
  expect(warning!.message).toMatch(
    /^In the test rows, feature "age" has another distribution than in the training rows \(population stability index \d\.\d\d; above 0\.25/,
  );
});

it('finds nothing in rows of the same source, however few', () => {
  for (let seed = 2; seed < 42; seed++) expect(shiftsOf(seed % 2 ? 20 : 500, seed), `seed ${seed}`).toEqual([]);
});

it('is the index of the textbook: Σ (p − q) ln(p / q)', () => {
  const [warning] = shiftedValues(['test', encode(people(4000, 2, { yes: 0.7 }), train.schema)], train);
  const shareOf = (rows: number, seed: number, yes: number) =>
    randomStream(seed, 'state')
      .uniform(3 * rows)
      .slice(rows, 2 * rows)
      .filter((chance) => chance < yes).length / rows;
  const [p, q] = [shareOf(1000, 1, 0.3), shareOf(4000, 2, 0.7)];
  const index = (p - q) * Math.log(p / q) + (q - p) * Math.log((1 - p) / (1 - q));
  expect(warning).toMatchObject({ kind: 'shifted-values', about: { task: 'click', part: 'test' } });
  expect(warning!.evidence['stability']).toBeCloseTo(index, 2);
});

it('is part of inspect', () => {
  const parts = { train, validation: train.subset([]), test: encode(people(500, 2, { age: 1 }), train.schema) };
  expect(inspect(parts).map(({ kind }) => kind)).toContain('shifted-values');
});
