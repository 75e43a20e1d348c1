import { describe, expect, it } from 'vitest';
import type { Trained } from '../run/train.ts';
import { judgeTraining, type Repeat, differenceOf } from './judge-training.ts';

/** What a training left, with a parameter of 1 that differs by a share. */
const results = (by = 0): Trained => ({
  losses: { total: [3, 2] },
  predictions: { a: [0.5, 0.25] },
  parameters: { w: [1 + by, 0.5] },
});

/** Repetitions by variant: the difference of the compared engine, that of a moved start on each engine, and that of another backend. */
const repeats =
  (
    compared: { descent: number; epsilon: number },
    onReference: number,
    onCompared = onReference,
    elsewhere = 0,
  ): Repeat =>
  async (engine, { descent, epsilon, moved }) => {
    if (engine === 'elsewhere') return results(elsewhere);
    if (engine === 'reference') return results(moved === undefined ? 0 : onReference);
    const by = descent ? compared.descent : epsilon === undefined ? 0 : compared.epsilon;
    return results(by + (moved === undefined ? 0 : onCompared));
  };

/** An engine that gives other numbers each time. */
const restless: () => Repeat = () => {
  let times = 0;
  return async () => results(++times);
};

const judged = (repeat: Repeat, hasEpsilon = true) => judgeTraining(results(), results(0.1), repeat, { hasEpsilon });

describe('trainings that differ', () => {
  it('agree within rounding, without a repetition', async () => {
    const none: Repeat = () => Promise.reject(new Error('repeated'));
    const { verdict } = await judgeTraining(results(), results(5e-5), none, { hasEpsilon: true });
    expect(verdict).toBe('agree');
  });

  it.each([
    ['gradient descent and a large epsilon agree', repeats({ descent: 0, epsilon: 0 }, 0), true, 'amplified'],
    ['the optimizer differs with a large epsilon, too', repeats({ descent: 0, epsilon: 0.1 }, 0), true, 'fault'],
    ['it has no epsilon, and rounding leads as far', repeats({ descent: 0, epsilon: 0 }, 0.1), false, 'amplified'],
    ['the gradient differs', repeats({ descent: 0.01, epsilon: 0 }, 1e-7), true, 'fault'],
    [
      'the gradient differs, and rounding leads as far',
      repeats({ descent: 0.01, epsilon: 0 }, 0.01),
      true,
      'amplified',
    ],
    ['a moved start leads elsewhere: it explodes', repeats({ descent: 100, epsilon: 100 }, 3), true, 'amplified'],
    ['rounding leads as far on the other engine', repeats({ descent: 0.01, epsilon: 0 }, 0, 0.01), true, 'amplified'],
    ['another backend leads as far', repeats({ descent: 0.01, epsilon: 0 }, 0, 0, 0.02), true, 'amplified'],
    [
      'another backend leads elsewhere, but not as far',
      repeats({ descent: 0.1, epsilon: 0 }, 0, 0, 1e-4),
      true,
      'fault',
    ],
    ['the reference differs from itself', restless(), true, 'fault'],
  ] as const)('where %s', async (_, repeat, hasEpsilon, wanted) => {
    const { verdict, text } = await judged(repeat, hasEpsilon);
    expect(verdict).toBe(wanted);
    expect(text).toContain('with the drawn optimizer, parameters w[0] is 1.1 in place of 1, a difference of 1.0e-1');
  });
});

describe('the largest difference', () => {
  it('is a share of the largest number of its name, or of the floor', () => {
    const [expected, seen] = [
      { a: [1, 4], b: [1e-6] },
      { a: [1, 4.2], b: [3e-6] },
    ];
    const { share, where } = differenceOf(expected, seen);
    expect(share).toBeCloseTo(2, 12);
    expect(where).toBe('b[0] is 0.000003 in place of 0.000001');
    expect(differenceOf(expected, seen, { share: 0.05 }).where).toBe('a[1] is 4.2 in place of 4');
    expect(differenceOf(expected, seen, { size: 1e-3 }).share).toBeCloseTo(0.05, 12);
  });

  it('is infinite where a number or a name is missing, or is not finite', () => {
    expect(differenceOf({ a: [1] }, { b: [1] }).share).toBe(Infinity);
    expect(differenceOf({ a: [1] }, { a: [] }).share).toBe(Infinity);
    expect(differenceOf({ a: [1, 2] }, { a: [1, NaN] }).share).toBe(Infinity);
    expect(differenceOf({ a: [NaN] }, { a: [NaN] }).share).toBe(0); // a loss without labels
  });
});
