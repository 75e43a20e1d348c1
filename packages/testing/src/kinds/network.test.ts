import type { OptionsFor } from '../tester.ts';
import type { NetworkSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { failing } from '../testing/failing.ts';
import {
  chanceStart,
  faint,
  forgetful,
  keeper,
  ownChance,
  reader,
  soundExpert,
  wrongGradient,
} from '../fixtures/flawed-experts.ts';
import { inOrder, ofExpert, rowsMixed, soundNetwork, threeOnly, unseen } from '../fixtures/flawed-networks.ts';
import { testModel } from './network.ts';

type Options = OptionsFor<typeof testModel>;

const OUTPUTS = 'a row has the same outputs alone and in a batch';
const SPEC = 'its spec is plain JSON and says all';
const SEED = 'one seed, one start';
const CHANCE = 'all chance comes from the seed, however often it ran before';
const ORDER = 'tasks are treated by name, whatever their order';
const MASKS = 'a weight of 2 is a row twice, and one of 0 none';
const REACH = 'gradients reach every weight';
const SLOPES = 'gradients agree with finite differences';
const COUNTS = 'its numbers are finite, for any batch, and for one, two and three tasks';
const READ = 'fusionWeights reads it';
const SAVED = 'saved and loaded it gives the same numbers';
const LEARNS = 'it learns';
const ALIKE = 'a fit is finite, and the same on both engines';
const LEAKS = 'it leaves no tensor behind';

/** What is wrong, the network, and each case that finds it with part of what it says. */
const FLAWS: [string, NetworkSpec, Record<string, string>, Options?][] = [
  ['nothing', soundNetwork(), {}],
  ['nothing around a tower', soundNetwork(), {}, { tower: soundExpert() }],
  ['places instead of names', inOrder(), { [ORDER]: 'the same outputs when the tasks are listed in another order' }],
  [
    'rows that know each other',
    rowsMixed(),
    {
      [OUTPUTS]: 'the same outputs of a row alone and in a batch',
      [MASKS]: 'and of weight 0 none',
      [READ]: 'whatever the batches',
    },
  ],
  ['an expert that nobody sees', unseen(), { [REACH]: 'saw none for levels.0.experts.1.kernel' }],
  ['no place for other tasks', threeOnly(), { [COUNTS]: 'It threw Error: made for three tasks' }],
  [
    'a start by Math.random',
    ofExpert({ experts: chanceStart() }),
    {
      [SPEC]: "from the spec's JSON",
      [SEED]: 'the same start from the same seed',
      [ORDER]: 'listed in another order',
      [ALIKE]: 'the losses of a fit on the eager engine',
    },
  ],
  [
    'random numbers of its own',
    ofExpert({ experts: ownChance() }),
    {
      [CHANCE]: 'when the random streams are set back',
      [ORDER]: 'the same gradients',
      [SLOPES]: 'slopes can be measured',
      [ALIKE]: 'draws random numbers of its own',
    },
  ],
  ['twice the gradient', ofExpert({ experts: wrongGradient() }), { [SLOPES]: 'to be the slope of the outputs' }],
  ['hardly an output', ofExpert({ experts: faint() }), { [LEARNS]: 'after 90 steps' }],
  [
    'a memory outside of the model',
    ofExpert({ experts: forgetful() }),
    { [SAVED]: 'the same outputs after saving and loading' },
  ],
  ['reading while it runs', ofExpert({ experts: reader() }), { [ALIKE]: 'asks for the numbers of' }],
  [
    'a tensor kept',
    ofExpert({ experts: keeper() }),
    { [LEAKS]: 'Expected a pass to leave no tensor behind, saw 1 more than before' },
  ],
];

it.each(some(FLAWS, 2))('finds %s, where it is', async (_, spec, expected, options) => {
  const failures = await failing(testModel.cases(spec, options), Object.keys(expected));
  expect(Object.keys(failures).sort()).toEqual([...Object.keys(expected)].sort());
  for (const [name, part] of Object.entries(expected)) {
    expect(failures[name]).toContain(`network ${spec.name}: "${name}" doesn't hold. `);
    expect(failures[name]).toContain(part);
  }
});
