import { counterRandom } from '@polytask/metrics';
import { type ModelSize, BASELINE } from '../models/models.ts';
import { drawFrom, drawWeights, type Space } from '../models/space.ts';
import type { AutoCandidate } from '../search/search.ts';

/** What {@link bracketCandidates} draws from. */
export interface AutoSpace {
  /** The labels of the models. `single-task` is one of them. */
  readonly models: readonly string[];
  /** Those of the models that draws are of. The others have nothing to tune. Default: all. */
  readonly drawn?: readonly string[];
  readonly tasks: readonly string[];
  /** The defaults of the data. */
  readonly size: ModelSize;
  readonly learningRate: number;
  /** Whether boosting can teach a task. */
  readonly hasTeacher: boolean;
  /** The seed of the draws. */
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

/**
 * The configurations of a bracket. The first bracket begins with the defaults of every model, and with members and a teacher for two, so
 * that none of these is left out by chance.
 * All further configurations are draws. Every third draw is of `single-task`, so that it is tuned about as well as the best model with
 * shared layers; the other models take turns.
 *
 * @param bracket the 0-based index of the bracket
 */
export function bracketCandidates(space: AutoSpace, bracket: number): AutoCandidate[] {
  const { models, drawn = models, tasks, seed } = space;
  const recipe = { members: 8, ...(space.hasTeacher && { teacher: 0.5 }) };
  const first = [
    ...models.map((model): AutoCandidate => ({ model, values: {} })),
    ...WITH_RECIPE.filter((model) => drawn.includes(model)).map((model): AutoCandidate => ({ model, values: recipe })),
  ];
  const defaults = bracket === 0 ? first : [];
  const count = Math.max(LEAST, 2 * models.length) - defaults.length;
  const others = drawn.filter((model) => model !== BASELINE);
  const dimensions = dimensionsOf(space);
  const draws = Array.from({ length: count }, (_, i): AutoCandidate => {
    const random = counterRandom(seed, STREAMS * bracket + i);
    const turn = bracket * count + i;
    const separate = turn % 3 === 0 || others.length === 0;
    const model = separate ? BASELINE : others[(turn - Math.ceil(turn / 3)) % others.length]!;
    const values = drawFrom(dimensions, random);
    const weighted = random() < WEIGHTED && tasks.length > 1;
    return { model, values: { ...values, ...(weighted && { taskWeights: drawWeights(tasks, random) }) } };
  });
  return [...defaults, ...draws];
}

/**
 * Sizes from half to twice the defaults, learning rates from a third to ten times the default, and the parts that help some tables. A part
 * that takes long is in fewer draws.
 */
function dimensionsOf({ size, learningRate, tasks, hasTeacher }: AutoSpace): Space {
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
    optimizer: { choices: ['adam', 'adam(ema=0.99)', 'adamw(weightDecay=0.05)'] },
    schedule: { choices: ['constant', 'cosine'] },
    ...(hasTeacher && { teacher: { choices: [0, 0, 0.5] } }),
  };
}
