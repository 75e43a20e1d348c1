import { traitsOf, type Spec } from '@polytask/components';
import {
  fractionOf,
  startSearch,
  type Point,
  type Proposal,
  type SearchSetup,
  type SearchSpace,
} from '@polytask/training/search';
import { expectThat } from '../cases/case.ts';
import { areSame, expectAgreement, type Numbers } from '../cases/agreement.ts';
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

const setupFor = (spec: Spec<'search'>, seed: number, more: Partial<SearchSetup> = {}): SearchSetup => ({
  ...(traitsOf(spec).exhaustive ? { space: CHOICES } : { space: MIXED, trials: TRIALS }),
  ...{ epochs: EPOCHS, seed },
  ...more,
});

/** How good a configuration is: a smooth function of its positions that a longer training comes nearer to. */
function quality(space: SearchSpace, { values, epochs }: Required<Proposal>): number {
  const distances = Object.entries(values).map(([name, value], i) => fractionOf(space[name]!, value) - 0.2 - 0.1 * i);
  return -distances.reduce((sum, distance) => sum + distance ** 2, 0) - 0.1 / epochs;
}

type Scores = (round: readonly Required<Proposal>[]) => number[];

/** The trainings that a search asks for, step by step, so that several can run in turns. */
function* asked(
  spec: Spec<'search'>,
  setup: SearchSetup,
  scores?: Scores,
): Generator<readonly Required<Proposal>[], void> {
  const plan = startSearch(spec, setup);
  const own: Scores = scores ?? ((round) => round.map((each) => quality(setup.space, each)));
  for (let step = plan.next(); !step.done; step = plan.next(own(step.value))) yield step.value;
}

const allOf = (spec: Spec<'search'>, seed: number, more?: Partial<SearchSetup>, scores?: Scores) =>
  [...asked(spec, setupFor(spec, seed, more), scores)].flat();

const numbersOf = (proposals: readonly Required<Proposal>[]): Numbers => ({
  'the number of epochs': proposals.map(({ epochs }) => epochs),
  ...Object.fromEntries(
    Object.entries(MIXED).map(([name, dimension]) => [
      `the position of ${name}`,
      proposals.map(({ values }) => fractionOf(dimension, values[name])),
    ]),
  ),
});

const numbers = (spec: Spec<'search'>): Numbers => numbersOf(allOf(spec, 1));

/** The same seed proposes the same, and another seed other configurations. */
function checkSeed(spec: Spec<'search'>): void {
  const first = numbers(spec);
  expectAgreement(numbers(spec), first, 0, 'the same proposals from the same seed and scores');
  if (traitsOf(spec).exhaustive) return;
  expectThat(!areSame(first, numbersOf(allOf(spec, 2))), 'other proposals from another seed', 'the same');
}

/** Searches that run in turns propose what each does alone, as those of several models may. */
function checkAlone(spec: Spec<'search'>): void {
  const runs = [1, 2].map((seed) => ({ rounds: asked(spec, setupFor(spec, seed)), seen: [] as Required<Proposal>[] }));
  for (let running = runs; running.length > 0;)
    running = running.filter(({ rounds, seen }) => {
      const { done, value } = rounds.next();
      if (value) seen.push(...value);
      return !done;
    });
  runs.forEach(({ seen }, i) => {
    const alone = numbersOf(allOf(spec, i + 1));
    expectAgreement(numbersOf(seen), alone, 0, 'the same proposals while another search runs');
  });
}

/** No configuration is trained twice for so many epochs: its score would be the same. */
function checkNew(spec: Spec<'search'>): void {
  const texts = allOf(spec, 1).map((each) => JSON.stringify(each));
  const twice = texts.find((text, i) => texts.indexOf(text) < i);
  expectThat(twice === undefined, 'each training once', `${twice} twice`);
}

/** Proposals are of the space, and within the budget: `startSearch` throws for others, whatever the scores are. */
function checkBudget(spec: Spec<'search'>): void {
  const failing: Record<string, Scores> = {
    'scores of a smooth function': (round) => round.map((each) => quality(MIXED, each)),
    'trainings that all failed': (round) => round.map(() => NaN),
    'every third training failed': (round) => round.map((each, i) => (i % 3 === 1 ? NaN : quality(MIXED, each))),
    'equal scores': (round) => round.map(() => 0.5),
  };
  for (const [what, scores] of Object.entries(failing))
    for (const trials of [1, 2, 7, TRIALS]) {
      const problem = traitsOf(spec).exhaustive ? {} : { trials };
      expectThat(allOf(spec, 3, problem, scores).length > 0, `one training or more with ${what}`, 'none');
    }
}

/** The points to try first are among the first `trials` configurations. */
function checkFirst(spec: Spec<'search'>): void {
  const first: Point[] = [{ width: 16, kind: 'a' }, { kind: 'b' }];
  const tried = allOf(spec, 4, { first }).map(({ values }) => JSON.stringify(values));
  const missing = first.map((point) => JSON.stringify(point)).find((point) => !tried.includes(point));
  expectThat(missing === undefined, `${missing} among the proposals, which is to be tried first`, 'others alone');
}

/**
 * Tests a search, on spaces with choices, ranges and conditions.
 *
 * @example testSearch(tpe({ startup: 5 }), { runner });
 */
export const testSearch = tester('search', {}, (spec: Spec<'search'>) => ({
  spec,
  numbers: (each) => numbers(each as Spec<'search'>),
  own: {
    'all chance comes from its seed': [
      'Take all random numbers from draw(i) and random(stream) of the problem.',
      () => checkSeed(spec),
    ],
    'proposals are of the space, and within the budget': [
      'Yield rounds of proposals from `space`, no more than `trials` in all.',
      () => checkBudget(spec),
    ],
    'searches at the same time propose as they do alone': [
      'Keep what the search knows in the generator, and not in the module.',
      () => checkAlone(spec),
    ],
    'nothing is trained twice': ['Remember what was proposed, and draw again.', () => checkNew(spec)],
    'points to try first are tried': ['Begin with `first` of the problem.', () => checkFirst(spec)],
  },
}));
