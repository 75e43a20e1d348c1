import { trialOf } from '@polytask/study/testing';
import { expect, test } from 'vitest';
import { liveBoard } from './progress.ts';

const boardOf = (models: number, setting = '') => {
  const board = liveBoard('m0', () => 0); // no time passes, so that each trial is in it
  for (let i = 0; i < models; i++)
    board.add(
      trialOf({ model: `m${i}`, ...(setting !== '' && { setting }), metrics: { click: { auc: 0.6 + i / 100 } } }),
    );
  return board;
};

test('the best models come first, and those that have no line are counted', () => {
  const board = boardOf(9);
  expect(board.lines(80, 24).map((line) => line.split(' ')[0])).toEqual([
    '',
    '9',
    '',
    'model',
    ...['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1', 'm0'],
    '',
  ]);
  expect(board.lines(80, 9).map((line) => line.slice(0, 14).trim())).toEqual([
    '',
    '9 trials so fa',
    '',
    'model',
    'm8',
    'm7',
    'm6',
    '… and 6 more',
    '',
  ]);
  for (const height of [12, 13, 14]) expect(board.lines(80, height).length).toBeLessThanOrEqual(height);
});

test('there is none of one model, and none without room', () => {
  expect(boardOf(1).lines(80, 24)).toEqual([]);
  expect(boardOf(9).lines(80, 7)).toEqual([]);
});

test('it is of the setting whose trial was the last one', () => {
  const board = boardOf(3, 'few labels');
  expect(board.lines(80, 24)[1]).toBe('few labels: 3 trials so far');
  const other = { setting: 'many labels', config: { ...trialOf().config, data: { set: 'other', content: '0' } } };
  board.add(trialOf({ ...other, model: 'm0' }));
  board.add(trialOf({ ...other, model: 'm1' }));
  expect(board.lines(80, 24)[1]).toBe('many labels: 2 trials so far');
});

test('a leaderboard that takes long is computed seldom', () => {
  const times = [0, 2, 99, 101, 101]; // it takes two seconds, and is asked for after 99 and 101
  const board = liveBoard('m0', () => times.shift()!);
  const add = (model: string) => board.add(trialOf({ model, metrics: { click: { auc: 0.7 } } }));
  const title = () => board.lines(80, 24)[1];
  add('m0');
  add('m1');
  expect(title()).toBe('2 trials so far');
  add('m2');
  expect(title()).toBe('2 trials so far');
  expect(title()).toBe('3 trials so far');
});
