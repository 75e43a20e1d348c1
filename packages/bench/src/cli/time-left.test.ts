import { expect, test } from 'vitest';
import { timeLeft } from './progress.ts';

const clock = () => {
  let seconds = 0;
  return { now: () => seconds, pass: (more: number) => void (seconds += more) };
};

test('before a trial is over, all of its epochs are an upper bound', () => {
  const { now, pass } = clock();
  const left = timeLeft(2, now);
  expect(left.estimate(10)).toBeUndefined();
  pass(3);
  left.epoch(1, 2, 20); // a tenth of a trial in 3 s: 30 s a trial, 9.9 trials left
  expect(left.estimate(10)).toEqual({ kind: 'at most', seconds: expect.closeTo(297, 6) as number });
});

test('finished trials give the usual length; until every model has finished one it is rough', () => {
  const { now, pass } = clock();
  const left = timeLeft(2, now);
  pass(5);
  left.epoch(1, 5, 20);
  left.end(1, 'a', 5); // stopped early
  expect(left.estimate(4)).toEqual({ kind: 'roughly', seconds: 15 });
  pass(5);
  left.epoch(2, 4, 20); // four of five: 1.8 trials in 10 s, 2.2 left
  expect(left.estimate(4)!.seconds).toBeCloseTo((10 / 1.8) * 2.2, 9);
  left.epoch(2, 12, 20); // longer than the usual one: never quite done
  expect(left.estimate(4)!.seconds).toBeCloseTo((10 / 1.95) * 2.05, 9);
  left.end(2, 'b', 12);
  expect(left.estimate(4)).toEqual({ kind: 'about', seconds: 10 });
});

test('trials beside each other count together, and a failed one is over as well', () => {
  const { now, pass } = clock();
  const left = timeLeft(1, now);
  pass(10);
  left.epoch(1, 5, 10);
  left.epoch(2, 5, 10); // two halves in 10 s
  expect(left.estimate(3)!.seconds).toBeCloseTo(20, 9);
  left.end(1, 'a', undefined);
  left.end(2, 'a', undefined);
  expect(left.estimate(3)).toEqual({ kind: 'at most', seconds: 5 });
  left.end(3, 'a', 10);
  expect(left.estimate(3)!.seconds).toBe(0);
});
