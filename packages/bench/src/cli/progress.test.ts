import type { RunStart, TrialPlace } from '@polytask/study';
import { trialOf } from '@polytask/study/testing';
import { expect, test } from 'vitest';
import { progress } from './progress.ts';

const START: RunStart = {
  suite: 'toy',
  engine: 'cpu',
  models: ['a', 'b'],
  seeds: [1, 2],
  settings: 1,
  there: 0,
  total: 4,
};

const place = (number: number, model: string, seed: number): TrialPlace => ({
  ...{ setting: '', model, seed, number },
  ...{ of: 4, epochs: 10 },
});

/** What a run of four trials writes, whose trials take 30 s each. */
function written(isTTY: boolean): string[] {
  let [text, seconds] = ['', 0];
  const listener = progress({ write: (part) => (text += part), isTTY }, () => seconds);
  listener.onStart?.(START);
  for (const [i, [model, seed]] of (
    [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['b', 2],
    ] as const
  ).entries()) {
    const trial = place(i + 1, model, seed);
    listener.onTrialStart?.(trial);
    seconds += 30;
    listener.onEpoch?.(3, trial);
    listener.onTrialEnd?.(trialOf({ model, seed }), trial);
  }
  return text.split('\n').filter((line) => line !== '');
}

const trialLine = (start: string, rest: string) => `${start}: click AUC 0.8000 (best epoch 2 of 3, 2.0 s)${rest}`;

test('in a log, the line of each trial ends with the remaining time', () => {
  expect(written(false)).toEqual([
    'toy on cpu: 2 models × 2 seeds, 4 trials',
    trialLine('1/4 a, seed 1', ', roughly 1 min 30 s left'), // of b, nothing is known yet
    trialLine('2/4 b, seed 1', ', about 1 min 00 s left'),
    trialLine('3/4 a, seed 2', ', about 30 s left'),
    trialLine('4/4 b, seed 2', ''),
  ]);
});

test('in a terminal, the last line has the remaining time, and the lines above it are results alone', () => {
  const lines = written(true).map((line) => line.split('\r\x1b[K').slice(1));
  expect(lines.map((shown) => shown.at(-1))).toEqual([
    'toy on cpu: 2 models × 2 seeds, 4 trials',
    ...['1/4 a, seed 1', '2/4 b, seed 1', '3/4 a, seed 2', '4/4 b, seed 2'].map((start) => trialLine(start, '')),
  ]);
  expect(lines[1]).toContain('1/4 a, seed 1, epoch 4 of at most 10, at most 6 min 10 s left');
  expect(lines[2]).toContain('2/4 b, seed 1, epoch 1 of at most 10, roughly 1 min 30 s left');
});
