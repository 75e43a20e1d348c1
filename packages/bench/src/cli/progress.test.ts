import type { RunStart, TrialPosition } from '@polytask/study';
import { trialOf } from '@polytask/study/testing';
import { expect, test } from 'vitest';
import { screenOf } from '../testing/captured-io.ts';
import { printableOutput } from './io.ts';
import { progress } from './progress.ts';

const START: RunStart = {
  suite: 'toy',
  engine: 'cpu',
  models: ['a', 'b'],
  baseline: 'a',
  seeds: [1, 2],
  settings: 1,
  there: 0,
  total: 4,
};

const place = (number: number, model: string, seed: number): TrialPosition => ({
  ...{ setting: '', model, seed, number },
  ...{ of: 4, epochs: 10 },
});

/** What a run of four trials writes to a log, whose trials take 30 s each. */
function written(): string[] {
  let [text, seconds] = ['', 0];
  const listener = progress({ write: (part) => (text += part) }, () => seconds);
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
    for (const epoch of [1, 2, 3]) {
      seconds += 10;
      listener.onEpoch?.(epoch, trial);
    }
    listener.onTrialEnd?.(trialOf({ model, seed }), trial);
  }
  return text.split('\n').filter((line) => line !== '');
}

const trialLine = (start: string, rest: string) => `${start}: click AUC 0.8000 (best epoch 2 of 3, 2.0 s)${rest}`;

test('in a log, the line of each trial ends with the remaining time', () => {
  expect(written()).toEqual([
    'toy on cpu: 2 models × 2 seeds, 4 trials',
    trialLine('1/4 a, seed 1', ', roughly 1 min 30 s left'), // of b, nothing is known yet
    trialLine('2/4 b, seed 1', ', about 1 min 00 s left'),
    trialLine('3/4 a, seed 2', ', about 30 s left'),
    trialLine('4/4 b, seed 2', ''),
  ]);
});

test('a run that resumes says how long its missing trials take, if that is long', () => {
  const startOf = (seconds: number | undefined) => {
    let text = '';
    progress({ write: (part) => (text += part) }).onStart?.({ ...START, there: 1, seconds });
    return text;
  };
  expect(startOf(150)).toMatch(
    /4 trials, 1 of them there already, about 2 min 30 s left by the time of stored trials\n$/,
  );
  for (const seconds of [undefined, 59]) expect(startOf(seconds)).toMatch(/there already\n$/);
});

test('a log gets a line after a minute without one, then after two, four, …', () => {
  let [text, seconds] = ['', 0];
  const listener = progress({ write: (part) => (text += part) }, () => seconds);
  const one = { ...place(1, 'a', 1), epochs: 30, of: 2 };
  listener.onTrialStart?.(one);
  for (let epoch = 1; epoch < 30; epoch++) {
    seconds += 20;
    listener.onEpoch?.(epoch, one);
  }
  listener.onTrialEnd?.(trialOf({ model: 'a' }), one); // a training: all are trained before one is tested
  expect(text.split('\n')).toEqual([
    '2 models to train', // a training has no plan
    '1/2 a, seed 1, epoch 4 of at most 30, at most roughly 19 min 00 s left', // nothing is known of the other model
    '1/2 a, seed 1, epoch 10 of at most 30, at most roughly 17 min 00 s left',
    '1/2 a, seed 1, epoch 22 of at most 30, at most roughly 13 min 00 s left',
    trialLine('1/2 a, seed 1', '').replace('1/4', '1/2'),
    '',
  ]);
});

/** A run of two workers in a terminal. */
function live(terminal: { columns: number; rows: number }): string[] {
  const [parts, clock]: [string[], { seconds: number }] = [[], { seconds: 0 }];
  const out = { write: (part: string) => parts.push(part), isTTY: true, ...terminal };
  const listener = progress(printableOutput(out), () => clock.seconds);
  listener.onStart?.(START);
  const [one, two] = [place(1, 'a', 1), place(2, 'b', 1)];
  listener.onTrialStart?.(one);
  listener.onTrialStart?.(two);
  listener.onEpoch?.(2, one); // too soon to draw
  clock.seconds += 30;
  listener.onEpoch?.(3, one);
  listener.onTrialEnd?.(trialOf({ model: 'a', metrics: { click: { auc: 0.7 } } }), one);
  listener.onTrialEnd?.(trialOf({ model: 'b', metrics: { click: { auc: 0.8 } } }), two);
  listener.onTrialStart?.(place(3, 'a', 2));
  listener.end();
  listener.onNote?.('Stopped.');
  return parts.map((_, i) => screenOf(parts.slice(0, i + 1).join('')));
}

test('in a terminal, a live view below the results has the leaderboard, each running trial, and the remaining time', () => {
  const shown = live({ columns: 80, rows: 24 });
  const start = 'toy on cpu: 2 models × 2 seeds, 4 trials';
  const results = ['1/4 a, seed 1: click AUC 0.7000', '2/4 b, seed 1: click AUC 0.8000'].map(
    (line) => `${line} (best epoch 2 of 3, 2.0 s)`,
  );
  const shownAs = (i: number, ...lines: string[]) => expect(shown.at(i)).toBe([start, ...lines].join('\n'));
  shownAs(1, '1/4 a, seed 1, epoch 1 of at most 10', '0 of 4 trials');
  shownAs(2, '1/4 a, seed 1, epoch 1 of at most 10', '2/4 b, seed 1, epoch 1 of at most 10', '0 of 4 trials');
  shownAs(
    3,
    '1/4 a, seed 1, epoch 4 of at most 10',
    '2/4 b, seed 1, epoch 1 of at most 10',
    '0 of 4 trials', // too early to say how long it takes
  );
  shownAs(4, results[0]!, '2/4 b, seed 1, epoch 1 of at most 10', '1 of 4 trials, roughly 4 min 30 s left');
  shownAs(
    -3,
    ...results,
    '',
    '2 trials so far',
    '                       click',
    'model         gain %   AUC ↑  parameters',
    'b             +14.29  0.8000       1,234',
    'a (baseline)          0.7000       1,234',
    '',
    '3/4 a, seed 2, epoch 1 of at most 10',
    '2 of 4 trials, about 45 s left',
  );
  expect(shown.at(-1)).toBe([start, ...results, 'Stopped.'].join('\n'));
});

test('the live view fits a narrow and low terminal', () => {
  for (const [columns, rows] of [
    [40, 6],
    [30, 24],
  ] as const) {
    const shown = live({ columns, rows });
    expect(shown.at(-1)).toMatch(/Stopped\.$/);
    for (const line of shown.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  }
  expect(live({ columns: 40, rows: 6 }).join('\n')).not.toContain('so far');
});
