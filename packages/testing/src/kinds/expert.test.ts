import type { OptionsFor } from '../tester.ts';
import { checks, defineExpert, type ExpertSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { failing } from '../testing/failing.ts';
import * as flawed from '../fixtures/flawed-experts.ts';
import { testExpert } from './expert.ts';

type Options = OptionsFor<typeof testExpert>;

const WIDTH = 'its outputs have the width that was said';
const FINITE = 'its numbers are finite, for any batch, and for one, two and three tasks';
const ROWS = 'a row has the same outputs alone and in a batch';
const SPEC = 'its spec is plain JSON and says all';
const SEED = 'one seed, one start';
const CHANCE = 'all chance comes from the seed, however often it ran before';
const BANK = 'a bank gives what its experts give one by one';
const REACH = 'gradients reach every weight';
const SLOPES = 'gradients agree with finite differences';
const LEARNS = 'it learns';
const SAVED = 'saved and loaded it gives the same numbers';
const COMPILED = 'a fit is finite, and the same on both engines';
const LEAKS = 'it leaves no tensor behind';

const anyDate = defineExpert('test.dated', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
  options: { since: checks.optional(checks.anything) },
});
const dated: ExpertSpec = { ...anyDate(), config: { since: new Date(0) } };

/** What is wrong, the expert, and each case that finds it with part of what it says. */
const FLAWS: [string, ExpertSpec, Record<string, string>, Options?][] = [
  ['nothing', flawed.soundExpert(), {}, { outputDim: 4 }],
  ["nothing: it reads the network's input", flawed.rawReader(), {}],
  [
    'another width than was said',
    flawed.soundExpert(),
    { [WIDTH]: 'Expected an outputDim of 3, saw 4' },
    { outputDim: 3 },
  ],
  [
    'NaN for a batch of one',
    flawed.undefinedForOne(),
    { [FINITE]: 'Expected finite numbers in a, saw ', [ROWS]: 'alone and in a batch' },
  ],
  ['one start for all', flawed.sharedStart(), { [BANK]: 'Expected equal experts of a bank to start unequal, saw ' }],
  [
    'a start by Math.random',
    flawed.chanceStart(),
    {
      [SPEC]: "from the spec's JSON",
      [SEED]: 'the same start from the same seed: levels.0.experts.kernel[0]',
      [BANK]: 'the same outputs of a tower alone as in a bank',
      [COMPILED]: 'of a fit on the eager engine',
    },
  ],
  [
    'a random start that is none',
    flawed.fixedStart(),
    { [SEED]: 'Expected the same start from every seed, as `traits` says, saw another' },
  ],
  [
    'random numbers of its own',
    flawed.ownChance(),
    {
      [CHANCE]: 'randomTensor(builder.random(name)',
      [BANK]: 'the same outputs of a tower alone as in a bank',
      [SLOPES]: 'Expected outputs whose slopes can be measured, saw jumps',
      [COMPILED]: 'draws random numbers of its own',
    },
  ],
  [
    'members that know of each other',
    flawed.mixing(),
    { [BANK]: 'the same outputs of a tower alone as in a bank: a[0]' },
  ],
  ['rows that know of each other', flawed.rowMixing(), { [ROWS]: 'the same outputs of a row alone and in a batch' }],
  ['a weight that nothing uses', flawed.unreached(), { [REACH]: 'saw none for levels.0.experts.spare.kernel' }],
  ['twice the gradient', flawed.wrongGradient(), { [SLOPES]: 'to be the slope of the outputs' }],
  ['no place for many', flawed.fiveAtMost(), { [FINITE]: 'It threw Error: no place for more than five' }],
  ['no bank of one', flawed.neverAlone(), { [BANK]: 'to give [1,5,4]' }],
  ['hardly an output', flawed.faint(), { [LEARNS]: 'after 90 steps' }],
  ['a memory outside of the model', flawed.forgetful(), { [SAVED]: 'the same outputs after saving and loading: a[0]' }],
  ['reading while it runs', flawed.reader(), { [COMPILED]: 'asks for the numbers of' }],
  ['a tensor kept', flawed.keeper(), { [LEAKS]: 'Expected a pass to leave no tensor behind, saw 1 more than before' }],
  [
    'a tensor of its own',
    flawed.builtLeak(),
    { [LEAKS]: 'Expected building and disposing to leave no tensor behind, saw 1 more' },
  ],
];

it.each(some(FLAWS, 5))('finds %s, where it is', async (_, spec, expected, options) => {
  const failures = await failing(testExpert.cases(spec, options), Object.keys(expected));
  expect(Object.keys(failures).sort()).toEqual([...Object.keys(expected)].sort());
  for (const [name, part] of Object.entries(expected)) {
    expect(failures[name]).toContain(`expert ${spec.name}: "${name}" doesn't hold. `);
    expect(failures[name]).toContain(part);
  }
});

it("refuses a configuration that isn't JSON", () => {
  expect(() => testExpert.cases(dated)).toThrow('Expected plain JSON for ');
});

it('says of an outputDim that is wrong what core says, wherever the expert runs', async () => {
  const failures = await failing(testExpert.cases(flawed.liar(), { compiled: false }));
  expect(failures[FINITE]).toContain('Expected expert "test.liar" to give [3,1,5], received [3,1,4]');
  expect(Object.keys(failures)).not.toContain(SEED);
});
