import { beforeAll, expect, test } from 'vitest';
import { withFirstNames } from './earlier-names.ts';
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

test('keys have the first names of components and options, at any depth', () => {
  expect(withFirstNames({ network: { levels: [today] }, seed: 7 })).toEqual({ network: { levels: [before] }, seed: 7 });
  expect(withFirstNames(before)).toEqual(before);
});

test('another kind of component, and a value that is no spec, keep their names', () => {
  for (const value of [
    { ...today, kind: 'expert', config: {} },
    { name: 'names.now', least: 1 },
    'names.now',
    { kind: { toString: 1 }, name: { toString: 1 } },
    null,
  ])
    expect(withFirstNames(value)).toEqual(value);
});

test('an option that is called like a property of every object is no earlier name', () => {
  const odd = { kind: 'gate', name: 'names.now', config: { constructor: 1, toString: 2 } };
  expect(withFirstNames(odd)).toMatchObject({ config: odd.config });
});
