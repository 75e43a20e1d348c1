import { mapValues, traitsOf, type Spec } from '@polytask/components';
import {
  fractionOf,
  startSearch,
  type Point,
  type Proposal,
  type SearchSetup,
  type SearchSpace,
} from '@polytask/training/search';
import { areSame, expectAgreement, type Numbers } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';

const CHOICES: SearchSpace = {
  width: { choices: [8, 16, 32] },
  kind: { choices: ['a', 'b'] },
  extra: { choices: [0, 1], when: { kind: ['b'] } },
};

/** Dimensions of every form: choices, integers, logarithmic numbers, and one that is there for some choices only. */
const MIXED: SearchSpace = {
  ...CHOICES,
  layers: { from: 1, to: 4, whole: true },
  rate: { from: 1e-4, to: 1e-1, scale: 'log' },
  dropout: { from: 0, to: 0.5, when: { kind: ['a'] } },
};

const TRIALS = 30;
const EPOCHS = 9;

/** A round of trainings that a search asks for, and their scores. */
type Round = readonly Required<Proposal>[];
type Scores = (round: Round) => number[];

/** How good configurations are: a smooth function of their positions that a longer training comes nearer to. */
const smooth: Scores = (round) =>
  round.map(({ values, epochs }) => {
    const distances = Object.entries(values).map(([name, value], i) => fractionOf(MIXED[name]!, value) - 0.2 - 0.1 * i);
    return -distances.reduce((sum, distance) => sum + distance ** 2, 0) - 0.1 / epochs;
  });

const FAILED: Readonly<Record<string, Scores>> = {
  'scores of a smooth function': smooth,
  'trainings that all failed': (round) => round.map(() => NaN),
  'every third training failed': (round) => smooth(round).map((score, i) => (i % 3 === 1 ? NaN : score)),
  'equal scores': (round) => round.map(() => 0.5),
};

/** The trainings that a search asks for, round by round, so that several can run in turns. */
function* roundsOf(
  spec: Spec<'search'>,
  seed: number,
  more: Partial<SearchSetup> = {},
  scores = smooth,
): Generator<Round, void> {
  const space = traitsOf(spec).exhaustive ? { space: CHOICES } : { space: MIXED, trials: TRIALS };
  const plan = startSearch(spec, { ...space, epochs: EPOCHS, seed, ...more });
  for (let step = plan.next(); !step.done; step = plan.next(scores(step.value))) yield step.value;
}

const allOf = (...search: Parameters<typeof roundsOf>): Round => [...roundsOf(...search)].flat();

const numbersOf = (proposals: Round): Numbers => ({
  'the number of epochs': proposals.map(({ epochs }) => epochs),
  ...mapValues(MIXED, (dimension, name) => proposals.map(({ values }) => fractionOf(dimension, values[name]))),
});

/**
 * Tests a search, on spaces with choices, ranges and conditions.
 *
 * @example testSearch(tpe({ startup: 5 }), { runner });
 */
export const testSearch = tester({ kind: 'search' }, (spec: Spec<'search'>) => ({
  spec,
  numbers: (each: Spec<'search'>) => numbersOf(allOf(each, 1)),
  own: {
    // `startSearch` throws for other proposals
    'proposals are of the space, and within the budget': check(() => {
      for (const [what, scores] of Object.entries(FAILED))
        for (const trials of [1, 2, 7, TRIALS]) {
          const problem = traitsOf(spec).exhaustive ? {} : { trials };
          expectThat(allOf(spec, 3, problem, scores).length > 0, `one training or more with ${what}`, 'none');
        }
    }, 'Yield rounds of proposals from `space`, no more than `trials` in all.'),
    'all chance comes from its seed, also while another search runs': check(() => {
      const [first, other] = [1, 2].map((seed) => numbersOf(allOf(spec, seed))) as [Numbers, Numbers];
      const differs = traitsOf(spec).exhaustive || !areSame(first, other);
      expectThat(differs, 'other proposals from another seed', 'the same');
      const runs = [1, 2].map((seed) => ({ seed, rounds: roundsOf(spec, seed), seen: [] as Required<Proposal>[] }));
      for (let running = runs; running.length > 0;)
        running = running.filter(({ rounds, seen }) => {
          const { done, value } = rounds.next();
          if (value) seen.push(...value);
          return !done;
        });
      for (const { seed, seen } of runs) {
        const what = 'the same proposals from the same seed and scores, while another search runs';
        expectAgreement(numbersOf(seen), seed === 1 ? first : other, 0, what);
      }
    }, 'Take all random numbers from draw(i) and random(stream) of the problem, and keep what is known in the generator.'),
    // a configuration that is trained for as many epochs has the same score
    'nothing is trained twice': check(() => {
      const texts = allOf(spec, 1).map((each) => JSON.stringify(each));
      const twice = texts.find((text, i) => texts.indexOf(text) < i);
      expectThat(twice === undefined, 'each training once', `${twice} twice`);
    }, 'Remember what was proposed, and draw again.'),
    'points to try first are tried': check(() => {
      const first: Point[] = [{ width: 16, kind: 'a' }, { kind: 'b' }];
      const tried = allOf(spec, 4, { first }).map(({ values }) => JSON.stringify(values));
      const missing = first.map((point) => JSON.stringify(point)).find((point) => !tried.includes(point));
      expectThat(missing === undefined, `${missing} among the proposals, which is to be tried first`, 'others alone');
    }, 'Begin with `first` of the problem.'),
  },
}));
