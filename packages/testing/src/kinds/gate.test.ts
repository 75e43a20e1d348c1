import type { GateSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { failing } from '../testing/failing.ts';
import * as flawed from '../fixtures/flawed-gates.ts';
import { testGate } from './gate.ts';

const FINITE = 'its numbers are finite, for any batch, and for one, two and three tasks';
const ROWS = 'a row has the same outputs alone and in a batch';
const VISIBLE = 'what a unit does not see has weight 0 and no gradient';
const SUMS = 'weights are 0 or more and sum to 1';
const SEED = 'one seed, one start';
const CHANCE = 'all chance comes from the seed, however often it ran before';
const ORDER = 'tasks are treated by name, whatever their order';
const REACH = 'gradients reach every weight';
const SLOPES = 'gradients agree with finite differences';
const READ = 'fusionWeights reads it';
const LEARNS = 'it learns';
const SAVED = 'saved and loaded it gives the same numbers';
const COMPILED = 'a fit is finite, and the same on both engines';
const LEAKS = 'it leaves no tensor behind';

/** What is wrong, the gate, and each case that finds it with part of what it says. */
const FLAWS: [string, GateSpec, Record<string, string>][] = [
  ['nothing', flawed.soundGate(), {}],
  [
    'weights beyond what is seen',
    flawed.seesAll(),
    { [VISIBLE]: "no weight of unit a, and no gradient, for an expert that it doesn't see" },
  ],
  [
    'dead columns that move',
    flawed.alive(),
    { [VISIBLE]: 'numbers of l.gates.kernel that are or become other than 0' },
  ],
  ['sums that were promised', flawed.sigmoids(), { [SUMS]: 'sum to 1 for unit a, saw ' }],
  [
    'NaN for a batch of one',
    flawed.undefinedAtOne(),
    { [FINITE]: 'finite numbers in a', [ROWS]: 'alone and in a batch', [READ]: 'whatever the batches' },
  ],
  [
    'weights that know other rows',
    flawed.overBatch(),
    { [ROWS]: 'alone and in a batch', [READ]: 'the same weights whatever the batches' },
  ],
  [
    'places instead of names',
    flawed.byPlace(),
    { [ORDER]: 'the same outputs when the tasks are listed in another order' },
  ],
  ['a weight that nothing uses', flawed.unreachedGate(), { [REACH]: 'saw none for levels.0.gates.spare' }],
  ['twice the gradient', flawed.wrongGateGradient(), { [SLOPES]: 'to be the slope of the outputs' }],
  [
    'one start for every seed',
    flawed.sameStart(),
    { [SEED]: 'Expected another start from another seed, saw the same. ' },
  ],
  [
    'random numbers of its own',
    flawed.ownGateChance(),
    {
      [CHANCE]: 'when the random streams are set back',
      [SLOPES]: 'slopes can be measured',
      [COMPILED]: 'draws random numbers of its own',
    },
  ],
  ['no level of one unit', flawed.oneUnitLess(), { [FINITE]: 'to give [1,1,3], units × rows × experts' }],
  ['hardly a weight', flawed.faintGate(), { [LEARNS]: 'after 90 steps' }],
  ['a memory outside of the model', flawed.forgetfulGate(), { [SAVED]: 'the same outputs after saving and loading' }],
  ['reading while it runs', flawed.readerGate(), { [COMPILED]: 'asks for the numbers of' }],
  [
    'a tensor kept',
    flawed.keeperGate(),
    { [LEAKS]: 'Expected a pass to leave no tensor behind, saw 2 more than before' },
  ],
];

it.each(some(FLAWS, 2))('finds %s, where it is', async (_, spec, expected) => {
  const failures = await failing(testGate.cases(spec), Object.keys(expected));
  expect(Object.keys(failures).sort()).toEqual([...Object.keys(expected)].sort());
  for (const [name, part] of Object.entries(expected)) {
    expect(failures[name]).toContain(`gate ${spec.name}: "${name}" doesn't hold. `);
    expect(failures[name]).toContain(part);
  }
});
