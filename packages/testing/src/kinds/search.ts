import { traitsOf, type Spec } from '@polytask/components';
import {
  fractionOf,
  startSearch,
  type Point,
  type Proposal,
  type SearchSetup,
  type SearchSpace,
} from '@polytask/training/search';
import { broken } from '../cases/case.ts';
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
  const fix = 'Take all random numbers from draw(i) and random(stream) of the problem.';
  const first = numbers(spec);
  expectAgreement(numbers(spec), first, 0, { what: 'the same proposals from the same seed and scores', fix });
  if (traitsOf(spec).exhaustive || !areSame(first, numbersOf(allOf(spec, 2)))) return;
  broken({ expected: 'other proposals from another seed', seen: 'the same', fix });
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
  runs.forEach(({ seen }, i) =>
    expectAgreement(numbersOf(seen), numbersOf(allOf(spec, i + 1)), 0, {
      what: 'the same proposals while another search runs',
      fix: 'Keep what the search knows in the generator, and not in the module.',
    }),
  );
}

/** No configuration is trained twice for so many epochs: its score would be the same. */
function checkNew(spec: Spec<'search'>): void {
  const texts = allOf(spec, 1).map((each) => JSON.stringify(each));
  const twice = texts.find((text, i) => texts.indexOf(text) < i);
  if (twice === undefined) return;
  broken({
    expected: 'each training once',
    seen: `${twice} twice`,
    fix: 'Remember what was proposed, and draw again.',
  });
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
      if (allOf(spec, 3, problem, scores).length > 0) continue;
      broken({ expected: `one training or more with ${what}`, seen: 'none', fix: 'Yield a round.' });
    }
}

/** The points to try first are among the first `trials` configurations. */
function checkFirst(spec: Spec<'search'>): void {
  const first: Point[] = [{ width: 16, kind: 'a' }, { kind: 'b' }];
  const tried = allOf(spec, 4, { first }).map(({ values }) => JSON.stringify(values));
  const missing = first.find((point) => !tried.includes(JSON.stringify(point)));
  if (missing === undefined) return;
  broken({
    expected: `${JSON.stringify(missing)} among the proposals, which is to be tried first`,
    seen: 'other configurations alone',
    fix: 'Begin with `first` of the problem.',
  });
}

/**
 * Tests a search: the promises of its kind, and those of every component, on spaces with choices, ranges and conditions.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testSearch(tpe({ startup: 5 }), { runner });
 */
export const testSearch = tester('search', {}, (spec: Spec<'search'>) => ({
  spec,
  numbers: (each) => numbers(each as Spec<'search'>),
  own: {
    'all chance comes from its seed': () => checkSeed(spec),
    'proposals are of the space, and within the budget': () => checkBudget(spec),
    'searches at the same time propose as they do alone': () => checkAlone(spec),
    'nothing is trained twice': () => checkNew(spec),
    'points to try first are tried': () => checkFirst(spec),
  },
}));
