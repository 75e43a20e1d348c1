import { expect, test } from 'vitest';
import {
  anything,
  byKind,
  either,
  flag,
  list,
  number,
  object,
  oneOf,
  optional,
  read,
  record,
  text,
  wholeNumber,
} from './json.ts';

const animal = byKind({
  cat: object({ kind: oneOf('cat'), lives: wholeNumber(1) }),
  dog: object({ kind: oneOf('dog'), names: list(text), weight: optional(number()) }),
});
const zoo = object({ seed: wholeNumber(), open: optional(flag), animals: record(animal), rest: anything });

test('what fits is read, and missing keys stay missing', () => {
  const dog = { kind: 'dog', names: ['Rex'] };
  const { value, faults } = read(zoo, {
    seed: -3,
    animals: { constructor: dog, b: { kind: 'cat', lives: 9 } },
  });
  expect(faults).toEqual([]);
  expect(Object.keys(value)).toEqual(['seed', 'animals']);
  expect(value.animals).toEqual({ constructor: dog, b: { kind: 'cat', lives: 9 } });
});

test.each([
  [{ animals: {} }, ['seed: expected a whole number, received nothing']],
  [
    { seed: 1.5, animals: [] },
    ['seed: expected a whole number, received 1.5', 'animals: expected an object, received []'],
  ],
  [
    { seed: 1, open: null, animals: { a: { kind: 'toString' } } },
    ['open: expected true or false, received null', 'animals.a.kind: expected one of cat, dog, received "toString"'],
  ],
  [
    { seed: 1, animals: { a: { kind: 'dog', names: ['x', 2], weight: '3' }, b: { kind: 'cat', lives: 0 } } },
    [
      'animals.a.names.1: expected a text, received 2',
      'animals.a.weight: expected a number, received "3"',
      'animals.b.lives: expected a whole number, 1 or more, received 0',
    ],
  ],
  [
    { seed: 1, animals: { a: { kind: 'cat', lives: 1, live: 2 } }, later: 1 },
    ['later: unknown. Known: "seed", "open", "animals", "rest".', 'animals.a.live: unknown. Did you mean "lives"?'],
  ],
  [{ seed: 1, animals: { a: null } }, ['animals.a: expected an object, received null']],
])('%j has faults, each with its path', (document, faults) => {
  expect(read(zoo, document).faults).toEqual(faults);
});

test('a value of several kinds is read by the first that takes it', () => {
  const label = either('a text or a list of numbers', text, list(number()));
  expect(read(label, [1, 2])).toEqual({ value: [1, 2], faults: [] });
  expect(read(object({ label }), { label: [1, 'x'] }).faults).toEqual([
    'label: expected a text or a list of numbers, received [1,"x"]',
  ]);
});
