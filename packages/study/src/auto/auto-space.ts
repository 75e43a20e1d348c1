import { counterRandom } from '@polytask/metrics';
import { drawFrom, type Point, type SearchSetup, type SearchSpace } from '@polytask/training/search';
import { BASELINE, type ModelSize } from '../models/models.ts';
import { drawWeights, FURTHEST, type Hyperparameters, scaledWeights } from '../models/space.ts';
import type { AutoCandidate } from '../search/search.ts';
import type { OptimizerChoice } from '../training/choices.ts';

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
