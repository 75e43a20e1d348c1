import type { Traits } from '@polytask/components';
import { defineGramianBalancer, defineLossBalancer, type BalancerSpec } from '@polytask/balancing';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { testBalancer } from './balancer.ts';
import { some } from '../../../../cases.base.ts';

let calls = 0;

/** A rule of losses, with a state of its own. */
const losses = (
  name: string,
  weights: (losses: readonly number[], state: readonly number[], present: readonly boolean[]) => readonly number[],
  learn: (state: readonly number[], losses: readonly number[]) => readonly number[] = (state) => state,
  traits: Traits = {},
): BalancerSpec =>
  defineLossBalancer(
    `test.${name}`,
    {
      start: (): readonly number[] => [1],
      needsLosses: true,
      weights: (state, _config, _moment, input) => weights(input.losses, state, input.present),
      learn: (state, _config, _moment, input) => learn(state, input.losses),
    },
    { traits },
  )();

const ones = (of: readonly number[]) => of.map(() => 1);

const FLAWS: readonly [string, BalancerSpec, readonly string[]][] = [
  ['none', losses('sound', ones), []],
  [
    'none of a Gramian',
    defineGramianBalancer('test.ones', { start: () => null, weights: (_s, _c, m) => m.tasks.map(() => 1) })(),
    [],
  ],
  ['a multiple of one gradient', losses('twice', (of) => of.map(() => 2)), ['one task has its own gradient']],
  ['a wrong way', losses('ascent', (of) => of.map(() => -1)), ['one task has its own gradient']],
  [
    'the first task counts more',
    losses('first', (of) => of.map((_, i) => (i === 0 ? 1 : 2))),
    ['it knows no order of tasks'],
  ],
  [
    'a secret of the module',
    losses('secret', (of) => of.map(() => (of.length > 1 ? 1 + ++calls : 1))),
    [
      'its spec is plain JSON and says all',
      'it knows no order of tasks',
      'a fit is finite, and the same on both engines',
      'a killed fit goes on bit for bit',
    ],
  ],
  [
    'a state that it writes into',
    losses('in place', ones, (state) => {
      (state as number[])[0]! += 1;
      return state;
    }),
    ['it knows no order of tasks'],
  ],
  [
    'the inverse of a loss of 0',
    losses('inverse', (of) => (of.length > 1 ? of.map((loss) => 1 / loss) : [1])),
    ['a task without labels changes nothing'],
  ],
  [
    'a state with NaN',
    losses('logarithm', ones, (_, of) => [Math.log(of[2]!) * 0]),
    ['a task without labels changes nothing'],
  ],
  [
    'a promise of scales',
    losses('scales', ones, undefined, { scaleInvariant: true }),
    ['it keeps its direction when a loss is scaled'],
  ],
];

it.each(some(FLAWS, 2))('finds %s', async (_, spec, expected) => {
  const failures = await failing(testBalancer.cases(spec, { name: 'mine' }), expected);
  expect(Object.keys(failures).sort()).toEqual([...expected].sort());
  for (const [name, message] of Object.entries(failures))
    expect(message).toMatch(`balancer mine: "${name}" doesn't hold.`);
});
