import { trialOf } from '@polytask/study/testing';
import { summarize } from '@polytask/study';
import { expect, it } from 'vitest';
import { guessOf } from './guess.ts';

it('the question on experts has the option of the mean over lanes and seeds', () => {
  const claim = { model: 'ple', level: 1, effectiveExperts: { least: 1, most: 5 } };
  const { question, options, outcome } = guessOf(claim, 'single-task', 12);
  expect(question).toContain('How many of the 12 experts');
  expect(options).toEqual(['fewer than 5', '5 to 9', 'more than 9']);
  const ofUse = (effectiveExperts: number[]) => {
    const level = { outputs: ['a'], experts: ['a.0'], gated: [[1]], gatedDeviation: [[0]], constant: [[0]] };
    const trials = [trialOf({ model: 'ple', fusion: [{ ...level, effectiveExperts }] })];
    return outcome(summarize(trials, { baseline: 'ple', order: ['ple'] }), trials);
  };
  expect([ofUse([3, 4]), ofUse([3, 11]), ofUse([11, 12])]).toEqual(options);
  expect(outcome(summarize([trialOf({})], { baseline: trialOf({}).model, order: [] }), [])).toBeUndefined();
});

it('the question on a verdict has the options of the verdicts', () => {
  const { options, question } = guessOf({ model: 'adatt', task: 'task1', verdict: 'better' }, 'single-task', 6);
  expect(options).toEqual(['better', 'no difference', 'worse']);
  expect(question).toBe('Beside single-task, how good is adatt on task1?');
});
