import { expect, test } from 'vitest';
import { timeLeft } from './progress.ts';

const clock = () => {
  let seconds = 0;
  return { now: () => seconds, pass: (more: number) => void (seconds += more) };
};

test('before a trial is over, all of its epochs are an upper bound, which a short run does not get', () => {
  const { now, pass } = clock();
  const left = timeLeft(2, now);
  expect(left.estimate(10)).toBeUndefined();
  pass(40); // the start
  left.epoch(1, 1, 20);
  pass(19);
  left.epoch(1, 2, 20);
  expect(left.estimate(10)).toBeUndefined();
  pass(11);
  left.epoch(1, 3, 20); // a tenth of a trial in 30 s: 300 s a trial, 9.85 trials left
  expect(left.estimate(10)).toEqual({ kind: 'at most roughly', seconds: expect.closeTo(2955, 6) as number });
});

test('the start of a run is not counted for each trial', () => {
  const { now, pass } = clock();
  const left = timeLeft(1, now);
  pass(10);
  left.epoch(1, 1, 20);
  pass(1);
  left.epoch(1, 2, 20);
  left.end(1, 'a', 2); // half a trial in 1 s
  expect(left.estimate(30)).toEqual({ kind: 'about', seconds: 58 });
});

test('a trial without epochs, as of trees, says nothing about those of others', () => {
  const { now, pass } = clock();
  const left = timeLeft(2, now);
  left.end(1, 'trees', 0);
  pass(1);
  left.epoch(2, 1, 20);
  expect(left.estimate(4)).toBeUndefined();
});

test('finished trials give the usual length; until every model has finished one it is rough', () => {
  const { now, pass } = clock();
  const left = timeLeft(2, now);
  pass(1);
  left.epoch(1, 1, 20);
  pass(4);
  left.end(1, 'a', 5); // stopped early: four of five epochs in 4 s
  expect(left.estimate(4)).toEqual({ kind: 'roughly', seconds: 15 });
  pass(5);
  left.epoch(2, 4, 20); // four of five: 1.8 trials, 1.6 since the first epoch, in 9 s; 2.2 left
  expect(left.estimate(4)!.seconds).toBeCloseTo((9 / 1.6) * 2.2, 9);
  left.epoch(2, 12, 20); // longer than the usual one: never quite done
  expect(left.estimate(4)!.seconds).toBeCloseTo((9 / 1.75) * 2.05, 9);
  left.end(2, 'b', 15); // ten epochs on average, of which the first was one
  expect(left.estimate(4)).toEqual({ kind: 'about', seconds: expect.closeTo((9 / 1.9) * 2, 9) as number });
});

test('trials beside each other count together, and a failed one is over as well', () => {
  const { now, pass } = clock();
  const left = timeLeft(1, now);
  left.epoch(1, 1, 10);
  pass(90);
  left.epoch(1, 5, 10);
  left.epoch(2, 5, 10); // two halves but for the first epoch in 90 s
  expect(left.estimate(3)!.seconds).toBeCloseTo(200, 9);
  left.end(1, 'a', undefined);
  left.end(2, 'a', undefined);
  expect(left.estimate(3)).toEqual({ kind: 'at most', seconds: expect.closeTo(90 / 1.9, 9) as number });
  left.end(3, 'a', 10);
  expect(left.estimate(3)!.seconds).toBe(0);
});
