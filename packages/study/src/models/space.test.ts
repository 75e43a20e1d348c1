import { expect, test } from 'vitest';
import { weightsToTry } from './models.ts';

test('equal weights first, four draws a task beyond the first, of mean 1 and no further apart than 25 times', () => {
  for (const tasks of [
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd', 'e'],
  ]) {
    const [equal, ...draws] = weightsToTry(tasks);
    expect(equal).toEqual(Object.fromEntries(tasks.map((task) => [task, 1])));
    expect(draws).toHaveLength(4 * (tasks.length - 1));
    expect(new Set(draws.map((draw) => JSON.stringify(draw))).size).toBe(draws.length);
    for (const draw of draws) {
      const values = Object.values(draw);
      expect(Object.keys(draw)).toEqual(tasks);
      expect(values.reduce((a, b) => a + b) / tasks.length).toBeCloseTo(1, 2);
      expect(Math.max(...values) / Math.min(...values)).toBeLessThan(25.5);
    }
    for (const task of tasks) expect(new Set(draws.map((draw) => draw[task]! > 1)).size).toBe(2); // more than its share, and less
  }
  expect(weightsToTry(['alone'])).toEqual([{ alone: 1 }]);
});
