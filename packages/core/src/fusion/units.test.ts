import { describe, expect, it } from 'vitest';
import { expertPositions, ownUnits, poolUnits, sharedUnit, type PerTask, visibleExperts } from './units.ts';

const tasks = ['income', 'marital', 'constructor'];
const counts = (perTask?: PerTask) => ownUnits(tasks, perTask).map(({ experts }) => experts);

describe('ownUnits', () => {
  it('takes one number, a list in the order of the tasks, or numbers by name', () => {
    expect(counts()).toEqual([1, 1, 1]);
    expect(counts(2)).toEqual([2, 2, 2]);
    expect(counts([1, 0, 3])).toEqual([1, 0, 3]);
    expect(counts({ constructor: 3, income: 1, marital: 0 })).toEqual([1, 0, 3]);
    expect(ownUnits(['a'])).toEqual([{ name: 'a', kind: 'own', experts: 1 }]);
  });

  it.each<[unknown, string]>([
    [1.5, 'Expected a whole number of 0 or more for perTask, received 1.5.'],
    [null, 'for perTask, received null.'],
    ['2', 'for perTask, received "2".'],
    [[1, 2], 'Expected perTask to have 3 numbers, one for each of income, marital, constructor, received [1,2].'],
    [[1, -2, 1], 'for perTask[1], received -2.'],
    [
      { income: 1, marital: 1, constructr: 1 },
      'Expected an option of perTask, received "constructr". Did you mean "constructor"?',
    ],
    [{ income: 1, marital: 1 }, 'Expected a whole number of 0 or more for perTask.constructor, received nothing.'],
    [{ income: 1, marital: NaN, constructor: 1 }, 'for perTask.marital, received NaN.'],
  ])('refuses %j', (perTask, message) => {
    expect(() => counts(perTask as PerTask)).toThrow(message);
  });
});

describe('sharedUnit and poolUnits', () => {
  it('is no unit when there are no shared experts', () => {
    expect(sharedUnit(0)).toEqual([]);
    expect(sharedUnit(2)).toEqual([{ name: 'shared', kind: 'shared', experts: 2 }]);
  });

  it('makes a unit for each expert of a pool', () => {
    expect(poolUnits(2).map(({ name, experts }) => [name, experts])).toEqual([
      ['pool0', 1],
      ['pool1', 1],
    ]);
  });

  it('refuses parts of experts', () => {
    expect(() => sharedUnit(0.5)).toThrow('for the shared unit, received 0.5.');
    expect(() => poolUnits(1.5)).toThrow('for the pool, received 1.5.');
    expect(() => poolUnits(0)).toThrow('Expected a whole number of 1 or more for the pool, received 0.');
  });
});

it('expertPositions lists the columns of W, unit by unit', () => {
  const places = expertPositions([...ownUnits(['a', 'b'], [2, 0]), ...sharedUnit(1)]);
  expect(places.map(({ unit, kind, index }) => `${unit} ${kind} ${index}`)).toEqual([
    'a own 0',
    'a own 1',
    'shared shared 0',
  ]);
});

describe('visibleExperts', () => {
  const experts = expertPositions([...ownUnits(['a', 'b'], 2), ...sharedUnit(1)]);
  const see = (sees: Parameters<typeof visibleExperts>[0]) =>
    visibleExperts(sees, ['a', 'b', 'shared'], experts).map((row) => row.map(Number));

  it('spells a visibility out', () => {
    expect(see('own')).toEqual([
      [1, 1, 0, 0, 0],
      [0, 0, 1, 1, 0],
      [0, 0, 0, 0, 1],
    ]);
    expect(see('own+shared')).toEqual([
      [1, 1, 0, 0, 1],
      [0, 0, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
    expect(see('all')).toEqual([0, 1, 2].map(() => [1, 1, 1, 1, 1]));
    expect(
      see([
        [1, 0, 1, 0, 1],
        [true, false, false, false, false],
        [0, 0, 0, 0, 0],
      ])[1],
    ).toEqual([1, 0, 0, 0, 0]);
  });

  it('refuses another name, and a matrix of another shape', () => {
    expect(() => see('al' as 'all')).toThrow('Did you mean "all"?');
    expect(() => see([[1, 1]])).toThrow(
      'Expected a visibility of 3 units × 5 experts, received 1 × 2. Rows are a, b, shared; columns a.0, a.1',
    );
  });
});
