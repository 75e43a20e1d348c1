import { binary, regression, type Tasks } from '@polytask/core';
import { expect, test } from 'vitest';
import { scoresOfPart } from './tested-scores.ts';

/** The kinds of the findings, each with its task. */
const found = (tasks: Tasks, labels: readonly number[], predictions: Readonly<Record<string, readonly number[]>>) => {
  const rows = Uint32Array.from(labels, (_, row) => row);
  const own = { labels: Float64Array.from(labels), weights: Float64Array.from(labels, () => 1), rows };
  const byTask = Object.fromEntries(
    Object.entries(predictions).map(([task, values]) => [task, { ...own, predictions: Float64Array.from(values) }]),
  );
  return scoresOfPart(tasks, { byTask, groups: undefined }, {}).warnings;
};
const kinds = (...given: Parameters<typeof found>) => found(...given).map(({ kind, about }) => [kind, about.task]);

test('two tasks with the same predictions are found, each pair once; constants are found by themselves', () => {
  const [labels, a, b] = [
    [0, 1, 0, 1],
    [0.3, 0.6, 0.2, 0.7],
    [0.3, 0.6, 0.2, 0.8],
  ];
  const tasks = { a: binary(), b: binary(), c: binary() };
  expect(found(tasks, labels, { a, b, c: a })).toMatchObject([
    { kind: 'equal-predictions', message: 'Tasks a and c have the same prediction for every test row.' },
  ]);
  const same = labels.map(() => 0.5);
  expect(kinds(tasks, labels, { a: same, b, c: same })).toEqual([
    ['constant-output', 'a'],
    ['constant-output', 'c'],
  ]);
});

test('a yes/no task whose test labels are all the same has no scores; other kinds need no two classes', () => {
  const [a, hours] = [
    [0.3, 0.6, 0.2],
    [1, 2, 3],
  ];
  expect(found({ a: binary() }, [1, 1, 1], { a })).toMatchObject([
    {
      ...{ kind: 'undefined-score', about: { task: 'a', part: 'test' } },
      message: 'Task a has no label, or one class alone, among the test rows: it has no scores there.',
    },
  ]);
  expect(kinds({ a: binary() }, [], { a: [] })).toEqual([['undefined-score', 'a']]);
  expect(kinds({ hours: regression() }, [2, 2, 2], { hours })).toEqual([]);
});
