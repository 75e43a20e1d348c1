import { defineGroupLoss, type GroupLoss, type LossSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { testLoss } from './loss.ts';

const DOUBLES = 'tensors have the losses of doubles';
const SLOPE = 'its gradient is its slope';
const WEIGHTS = 'rows count by their weights, in any order';
const FINITE = 'it is finite for large outputs, and without labels';

const flawed = (name: string, loss: GroupLoss): LossSpec =>
  defineGroupLoss(`test/${name}`, () => loss, { tasks: ['binary'] })();

/** The mean of (gap − 1)², with the gap between a positive and a negative row. */
const sound: GroupLoss = (z, y, w, { maximum, mine, mul, others, sign, square, sub, sumOverGroup }) => {
  const isPair = maximum(sign(sub(mine(y), others(y))), 0);
  const weight = mul(isPair, mul(mine(w), others(w)));
  const losses = square(sub(sub(mine(z), others(z)), 1));
  return { loss: sumOverGroup(mul(weight, losses)), weight: sumOverGroup(weight) };
};

/** Pairs count whether their second row has a label or not. */
const unweighted: GroupLoss = (z, y, w, math) => {
  const ones = math.add(math.mul(w, 0), 1);
  return sound(z, y, ones, math);
};

/** A logarithm of the weight, which may be 0. */
const unguarded: GroupLoss = (z, y, w, math) => {
  const { loss, weight } = sound(z, y, w, math);
  return { loss: math.add(loss, math.mul(w, math.log(w))), weight };
};

const FLAWS: [string, GroupLoss, string[]][] = [
  ['sound', sound, []],
  ['unweighted', unweighted, [DOUBLES, SLOPE, WEIGHTS]],
  ['unguarded', unguarded, [DOUBLES, FINITE]],
];

it.each(FLAWS)('finds a flaw of a loss of groups (%s)', async (name, loss, expected) => {
  const failures = await failing(testLoss.cases(flawed(name, loss), { compiled: false }));
  const found = Object.keys(failures).filter((each) => [DOUBLES, SLOPE, FINITE, WEIGHTS].includes(each));
  expect(found.sort()).toEqual(expected.sort());
  if (expected.length === 0) expect(failures).toEqual({});
});
