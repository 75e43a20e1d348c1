import { beforeAll, expect, test } from 'vitest';
import { withFirstNames, withNamesOfToday } from './earlier-names.ts';
import { parseJson } from './parse-json.ts';
import { define } from './registry.ts';

beforeAll(() => {
  define('gate', 'names.now', {}, { formerly: { name: 'names.before', options: { least: 'coldest', start: 'init' } } });
  define('expert', 'names.kept', {}, { formerly: { options: { units: 'width' } } });
});

const before = {
  kind: 'gate',
  name: 'names.before',
  config: { coldest: 0.1, other: [{ kind: 'expert', name: 'names.kept', config: { width: 4 } }] },
};
const today = {
  kind: 'gate',
  name: 'names.now',
  config: { least: 0.1, other: [{ kind: 'expert', name: 'names.kept', config: { units: 4 } }] },
};

test('a document of an earlier version has the names of today, at any depth, and keys have the first ones', () => {
  expect(withNamesOfToday({ network: { levels: [before] }, seed: 7 })).toEqual({
    network: { levels: [today] },
    seed: 7,
  });
  expect(withFirstNames({ network: { levels: [today] }, seed: 7 })).toEqual({ network: { levels: [before] }, seed: 7 });
  expect(withNamesOfToday(today)).toEqual(today);
  expect(withFirstNames(before)).toEqual(before);
});

test('parseJson reads earlier names', () => {
  expect(parseJson(JSON.stringify([before]), 'a list')).toEqual([today]);
});

test('another kind of component, and a value that is no spec, keep their names', () => {
  for (const value of [
    { ...before, kind: 'expert', config: {} },
    { name: 'names.before', coldest: 1 },
    'names.before',
    { kind: { toString: 1 }, name: { toString: 1 } },
    null,
  ])
    expect(withNamesOfToday(value)).toEqual(value);
});

test('an option under both names stays under both, so that its check refuses the earlier one', () => {
  const both = { kind: 'gate', name: 'names.now', config: { coldest: 1, least: 2 } };
  expect(withNamesOfToday(both)).toEqual(both);
});

test('an option that is called like a property of every object is no earlier name', () => {
  const odd = { kind: 'gate', name: 'names.now', config: { constructor: 1, toString: 2 } };
  expect(withNamesOfToday(odd)).toEqual(odd);
});
