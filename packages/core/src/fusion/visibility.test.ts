import { describe, expect, it } from 'vitest';
import { expertPositions, ownUnits, sharedUnit } from './units.ts';
import { visibleExperts } from './visibility.ts';

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
