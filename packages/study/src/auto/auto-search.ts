import { fail, type Spec } from '@polytask/components';
import {
  halving,
  type Point,
  type SearchSetup,
  startSearch,
  drawFrom,
  type SearchSpace,
} from '@polytask/training/search';
import {
  BASELINE,
  type ModelSize,
  drawWeights,
  FURTHEST,
  type Hyperparameters,
  scaledWeights,
} from '../models/models.ts';
import { type AutoCandidate, type Candidate, rankedBy, search, type Training } from '../search/search.ts';
import { scoresOf } from '../trials/search-models.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { RunListener } from '../trials/run-listener.ts';
import type { Policy } from '../trials/run-trials.ts';
import { isScore } from '../results/trial-result.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { counterRandom } from '@polytask/metrics';
import type { OptimizerChoice } from '../training/choices.ts';

/** Each longer training of a search has so many times the rows of the one before. */
const MORE_ROWS = 3;

/** The training rows of the shortest trainings, if there are more. The longest ones have all. */
const FIRST_ROWS = 50_000;

export interface AutoSearchOptions {
  /** No training starts after so many seconds, and the running ones end. The first training runs in any case. */
  readonly seconds: number;
  readonly clock: SearchClock;
  /** The search of a bracket. Default: successive halving, which keeps one configuration in three. */
  readonly method?: Spec<'search'> | undefined;
  readonly hasTeacher?: boolean;
  readonly listener?: RunListener | undefined;
}

/** A configuration with the score of its longest training. A score is that of the best epoch: a longer training can't be worse. */
export type AutoScore = Candidate<AutoCandidate>;

/**
 * Searches models and hyper-parameters on the validation rows of one seed, for a limited time: brackets of a search, each of which knows what
 * those before have trained (Li et al. 2018, "Hyperband"; halving: Jamieson & Talwalkar 2016). A round of shorter trainings may take an equal
 * share of the remaining time. With halving, the best single-task configuration enters each round. Returns the best configuration first.
 */
export async function* autoSearch(open: OpenSetting, options: AutoSearchOptions): Policy<AutoScore[]> {
  const { clock, seconds, method = halving(), hasTeacher = false, listener = {} } = options;
  const { suite, tasks, common } = open;
  const { epochs, selection, learningRate } = common.training;
  if (learningRate === 'find')
    fail({
      expected: 'a learning rate around which the search tries others',
      received: '"find"',
      fix: 'Leave it out: the search finds one.',
    });
  const { direction } = selectionMeasure(selection);
  const sign = direction === 'higher' ? 1 : -1;
  const { train: allRows = 0 } = rowCountsOf(common.data);
  const variants = new Map(suite.models.map((variant) => [variant.label, variant]));
  const drawn = suite.models.filter(({ entry }) => !entry.trainsItself).map(({ label }) => label);
  const models = [...variants.keys()];
  const choices = { models, drawn, tasks, size: open.size, learningRate, hasTeacher, seed: suite.searchSeed };
  const found = new Map<string, Candidate<Point>>();
  let count = 0;

  for (let bracket = 0, before = -1; found.size > before && (bracket === 0 || clock.elapsed() < seconds); bracket++) {
    before = found.size;
    const setup: SearchSetup = {
      ...{ ...bracketOf(choices, bracket), epochs },
      finished: [...found.values()].map((each) => ({ ...each, score: sign * each.score })),
      always: ({ model }) => model === BASELINE,
    };
    const of = roundsOf(method, setup);
    const start = clock.elapsed();
    const lengths: number[] = [];
    let round = 0;
    const measure = async function* (entrants: readonly Training[]): Policy<number[]> {
      round++;
      const longest = Math.max(...entrants.map((each) => each.epochs));
      const end = longest < epochs ? start + ((seconds - start) * round) / of : seconds;
      const isFirst = (i: number) => bracket === 0 && round === 1 && i === 0;
      const rowsOf = (length: number) => {
        if (!lengths.includes(length)) lengths.push(length);
        const some = length < epochs ? FIRST_ROWS * MORE_ROWS ** lengths.indexOf(length) : Infinity;
        return some < allRows ? some : undefined;
      };
      const configurations = entrants.map(({ values: point, epochs: length }) => {
        const { model, values } = candidateOf(point);
        const trainingRows = rowsOf(length);
        return { variant: variants.get(model)!, values, length: { epochs: length, trainingRows } };
      });
      const measured = yield* scoresOf(open, configurations, {
        elapsed: () => clock.elapsed(),
        start(i) {
          if (isFirst(i)) return true;
          const left = Math.ceil(Math.max(0, 1000 * (seconds - clock.elapsed())));
          return clock.elapsed() < end && AbortSignal.timeout(left);
        },
        onOutcome({ result, failure }, i) {
          if (!result && !failure) return;
          const score = result && isScore(result) ? result.score : NaN;
          clock.resume((result && isScore(result) && result.elapsed) || 0);
          const { variant, values } = configurations[i]!;
          const { values: point, epochs: length } = entrants[i]!;
          listener.onCandidate?.({
            ...{ setting: open.title, ...open.searched, model: variant.label },
            ...{ number: ++count, values, epochs: length, score },
          });
          if (!Number.isNaN(score)) found.set(JSON.stringify(point), { values: point, epochs: length, score });
        },
      });
      const trained = measured.filter((score) => !Number.isNaN(score)).length;
      if (trained > 0)
        listener.onRound?.({
          ...{ bracket: bracket + 1, round, of, epochs: longest, trainingRows: rowsOf(longest), trained },
          ...{ seconds: clock.elapsed(), best: scoredOf(rankedBy(direction, [...found.values()])[0]!) },
        });
      return measured;
    };
    yield* search(startSearch(method, setup), direction, measure);
  }
  return rankedBy(direction, [...found.values()]).map(scoredOf);
}

const scoredOf = ({ values, ...each }: Candidate<Point>): AutoScore => ({ ...each, values: candidateOf(values) });

/** The number of rounds of a search whose configurations have equal scores. */
function roundsOf(method: Spec<'search'>, setup: SearchSetup): number {
  const rounds = startSearch(method, setup);
  let count = 0;
  for (let step = rounds.next(); !step.done; step = rounds.next(step.value.map(() => 0))) count++;
  return count;
}

/** The clock of a search with a time limit. It counts the seconds of the search over all runs of an interrupted one. */
export interface SearchClock {
  elapsed(): number;
  /** Sets the clock to the time at which a stored training ended, if this is later. */
  resume(elapsed: number): void;
}

/** Starts a clock at 0. @param now the time in seconds */
export function searchClock(now: () => number): SearchClock {
  let start = now();
  let base = 0;
  const elapsed = () => base + now() - start;
  return {
    elapsed,
    resume(stored) {
      if (stored <= elapsed()) return;
      base = stored;
      start = now();
    },
  };
}

export interface AutoChoices {
  /** The labels of the models. `single-task` is one of them. */
  readonly models: readonly string[];
  /** Those of the models that draws are of. The others have nothing to tune. Default: all. */
  readonly drawn?: readonly string[];
  readonly tasks: readonly string[];
  readonly size: ModelSize;
  readonly learningRate: number;
  readonly hasTeacher: boolean;
  readonly seed: number;
}

/** The least number of configurations in a bracket: 27 is three rounds of one in three. */
const LEAST = 27;
/** A power of two that is more than a bracket's draws: each draw has a stream of its own. */
const STREAMS = 1 << 16;
/** The models that the first bracket also tries with members and a teacher: the best over a suite of tables (docs/which-model.md). */
const WITH_RECIPE = ['shared-bottom', 'adatt'];
/** The share of draws with task weights. The others have equal weights. */
const WEIGHTED = 0.5;
/** The dimension of a task's weight. */
const WEIGHT = 'weight of ';

const OPTIMIZERS: readonly OptimizerChoice[] = [
  { kind: 'optimizer', name: 'adam', config: {} },
  { kind: 'optimizer', name: 'adam', config: { ema: 0.99 } },
  { kind: 'optimizer', name: 'adamw', config: { weightDecay: 0.05 } },
];

/**
 * What a bracket tries. The first one begins with the defaults of every model. Every third draw is of `single-task`, so that it is tuned
 * about as well as the best model with shared layers; the other models take turns. @param bracket the 0-based index of the bracket
 */
export function bracketOf(choices: AutoChoices, bracket: number) {
  const { models, drawn = models, tasks, seed, hasTeacher } = choices;
  const recipe = { members: 8, ...(hasTeacher && { teacher: 0.5 }) };
  const first: Point[] =
    bracket > 0
      ? []
      : [
          ...models.map((model) => ({ model })),
          ...WITH_RECIPE.filter((model) => drawn.includes(model)).map((model) => ({ model, ...recipe })),
        ];
  const trials = Math.max(LEAST, 2 * models.length);
  const count = trials - first.length;
  const others = drawn.filter((model) => model !== BASELINE);
  const dimensions = dimensionsOf(choices);
  const draw = (i: number): Point => {
    const random = counterRandom(seed, STREAMS * bracket + i);
    const turn = bracket * count + i;
    const separate = turn % 3 === 0 || others.length === 0;
    const model = separate ? BASELINE : others[(turn - Math.ceil(turn / 3)) % others.length]!;
    const values = drawFrom(dimensions, random);
    if (tasks.length === 1) return { model, ...values };
    const weighted = random() < WEIGHTED;
    const weights = weighted ? Object.entries(drawWeights(tasks, random)) : [];
    return {
      ...{ model, ...values, weighted },
      ...Object.fromEntries(weights.map(([task, weight]) => [WEIGHT + task, weight])),
    };
  };
  const space = { model: { choices: drawn }, ...dimensions, ...weightsOf(tasks) };
  return { space, trials, first, draw, seed: STREAMS * bracket + seed } satisfies Partial<SearchSetup>;
}

export function candidateOf({ model, weighted, ...others }: Point): AutoCandidate {
  const isWeight = ([name]: readonly [string, unknown]) => name.startsWith(WEIGHT);
  const entries = Object.entries(others);
  const values: Hyperparameters = Object.fromEntries(entries.filter((each) => !isWeight(each)));
  const weights = entries.filter(isWeight).map(([name, weight]) => [name.slice(WEIGHT.length), weight as number]);
  const taskWeights = () => scaledWeights(Object.fromEntries(weights) as Record<string, number>);
  return { model: model as string, values: { ...values, ...(weighted === true && { taskWeights: taskWeights() }) } };
}

function weightsOf(tasks: readonly string[]): SearchSpace {
  if (tasks.length === 1) return {};
  const weight = { from: 1 / FURTHEST, to: FURTHEST, scale: 'log', when: { weighted: [true] } } as const;
  return {
    weighted: { choices: [false, true] },
    ...Object.fromEntries(tasks.map((task) => [WEIGHT + task, weight])),
  };
}

/** Sizes from half to twice the defaults, learning rates from a third to ten times it, and the parts that help some tables. */
function dimensionsOf({ size, learningRate, tasks, hasTeacher }: AutoChoices): SearchSpace {
  const { levels, tower, embedding } = size;
  const scaled = (widths: readonly number[], factor: number) =>
    widths.map((width) => Math.max(1, Math.round(factor * width)));
  const factors = [0.5, 1, 2];
  return {
    levels: { choices: [...factors.map((factor) => scaled(levels, factor)), levels.slice(0, 1)] },
    experts: { choices: [tasks.length + 1, 2 * tasks.length, 3 * tasks.length] }, // a shared one is the least that some need
    tower: { choices: factors.map((factor) => scaled(tower, factor)) },
    embedding: { choices: scaled([embedding], 0.5).concat(embedding, 2 * embedding) },
    learningRate: { from: learningRate / 3, to: 10 * learningRate, scale: 'log' },
    members: { choices: [1, 1, 1, 8] },
    optimizer: { choices: OPTIMIZERS },
    schedule: { choices: ['constant', 'cosine'] },
    ...(hasTeacher && { teacher: { choices: [0, 0, 0.5] } }),
  };
}
