import { describe, expect, test } from 'vitest';
import { packages } from '../workspace.js';
import { circleIn, roomOf, sourcesOf } from './rooms.js';

test('a circle is found, and a diamond is none', () => {
  expect(
    circleIn([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ]),
  ).toEqual(['b', 'c', 'b']);
  expect(
    circleIn([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ]),
  ).toBeUndefined();
});

describe.each(packages())('$manifest.name', (package_) => {
  const arrows = sourcesOf(package_).flatMap(({ file, imports }) =>
    imports.map((target) => /** @type {const} */ ([file, target])),
  );
  const between = arrows.filter(([from, to]) => roomOf(from) !== roomOf(to));

  test('has no files that import one another in a circle', () => {
    expect(circleIn(arrows)).toBeUndefined();
  });

  test('has no rooms that do', () => {
    expect(circleIn(between.map(([from, to]) => [roomOf(from), roomOf(to)]))).toBeUndefined();
  });

  test('has rooms that others enter by their door', () => {
    const doors = new Set(
      arrows
        .map(([, to]) => to)
        .filter((file) => /^[^/]+\/index\.ts$/.test(file))
        .map(roomOf),
    );
    expect(between.filter(([, to]) => doors.has(roomOf(to)) && to !== `${roomOf(to)}/index.ts`)).toEqual([]);
  });
});
