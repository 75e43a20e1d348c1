import {
  type FromDescription,
  listOf,
  type NamedEntry,
  oneOf,
  optional,
  type Written,
  mapValues,
  mean,
  recordOf,
} from '@polytask/components';
import { canBoost, gradientBoosting, logisticRegression, sharedBottom } from '@polytask/baselines';
import '@polytask/adatt'; // after the baselines: lists have the order of definitions
import {
  embed,
  levelsOf,
  networkVariants,
  type NetworkSize,
  type NetworkSpec,
  type ModelDeclaration,
  type NetworkVariant,
  type Task,
  type Lackable,
  type Option,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import { count, someOf, partial } from '../checks.ts';
import { counterRandom } from '@polytask/metrics';
import { type Dimension, dimensionOf, type SearchSpace } from '@polytask/training/search';
import { type TunedTraining, tunedOptions } from '../training/choices.ts';

/** How large the models of a suite are. Each model of the registry turns it into an architecture. */
export const modelSize = {
  /** Width of the experts, level by level. */
  levels: listOf(count, 1),
  /** Experts a level in all, tasks' own and shared ones, of the models that have a choice. */
  experts: count,
  /** Widths of a task's tower. */
  tower: listOf(count, 1),
  /** Width of a categorical field's vector. */
  embedding: count,
  /** How that vector starts, as core's `embed` has it. Default: `small`. */
  start: optional(oneOf('small', 'pytorch')),
  /** Members that share weights (TabM), as core's model has them. Default: 1. */
  members: optional(count),
};

export interface ModelSize extends Written<typeof modelSize>, FromDescription {}

export const someSize = someOf(modelSize);

/** The parts of a model's declaration that make the architecture. */
export type ModelParts = Pick<ModelDeclaration, 'network' | 'tower' | 'input' | 'selfAuxiliaries' | 'members'>;

/** The parts of an architecture that a comparison exchanges: `--experts` and `--gates`. */
export type ExchangedParts = Partial<Pick<NetworkSize, 'expert' | 'gate'>>;

export type BuildOptions = ExchangedParts & Pick<NetworkSize, 'contexts'>;

/** A model of the registry, which `--models` names. */
export interface RegisteredModel
  extends NamedEntry, Pick<NetworkVariant<unknown>, 'useWhen' | 'onlyNamed' | 'needsContext'> {
  readonly paper?: string;
  /** How many times the suite's learning rate it is trained with. Default 1. */
  readonly rate?: number;
  /** Only of a model that brings its training: which tasks it can train on. Balancers and searches of learning rates leave it out. */
  readonly trainsItself?: (task: Task) => boolean;
  /**
   * Builds the model's declaration at a size.
   *
   * @param options the expert and the gate that a comparison chose, and the names of the schema's contexts. A model may leave them out
   * @throws PolytaskError when the size doesn't fit these tasks, or the schema has no context that the model needs
   */
  build(size: ModelSize, tasks: readonly string[], options?: BuildOptions): ModelParts;
}

/** Whether a value is a registered model rather than a name or a suite's entry. A JSON document can't hold one. */
export const isRegisteredModel = (value: unknown): value is RegisteredModel =>
  typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function';

/** The row that the others' gain is measured against. */
export const BASELINE = 'single-task';

/** The row of a teacher from outside. */
export const TEACHER = 'teacher';

/**
 * All that a comparison can train by name: the variants of every architecture that is defined, those of imported packages
 * included, and three models that are more than an architecture.
 *
 * @example models().map(({ name }) => name).includes('adatt') // true
 */
export function models(): readonly RegisteredModel[] {
  const rows = networkVariants().map(({ network, ...row }): RegisteredModel => ({
    ...row,
    build: (size, tasks, options) => deep(size, network(networkSize(size, tasks, options))),
  }));
  const related = (row: RegisteredModel) => row.onlyNamed === true;
  return [LOGISTIC, ...rows.filter((row) => !related(row)), ...rows.filter(related), SELF_AUXILIARIES, BOOSTING];
}

const LOGISTIC: RegisteredModel = {
  name: 'logistic-regression',
  description: 'a linear model a task on numbers and one-hot columns; linear regression for a regression task',
  useWhen: 'you want the least that any network has to beat, or coefficients to read',
  rate: 10, // at a network's rate it isn't done after the few epochs that a network takes
  build: () => logisticRegression(),
};

const SELF_AUXILIARIES: RegisteredModel = {
  name: 'self-auxiliaries',
  description:
    'shared-bottom with a linear second head for each task that only trains: what serves it has to be in the shared layers',
  paper: 'Wang et al., WWW 2022',
  useWhen: 'shared layers should hold more of what each task needs, at no cost when the model predicts',
  onlyNamed: true,
  build: (size, tasks) => ({
    ...deep(size, sharedBottom({ levels: levelsOf(networkSize(size, tasks)) })),
    selfAuxiliaries: { weight: 0.1 },
  }),
};

/** The parts of a small model, which show the network, and the expert and gate that it takes. */
export const smallParts = (row: RegisteredModel, options: BuildOptions = {}): ModelParts =>
  row.build({ levels: [2, 2], experts: 4, tower: [2], embedding: 2 }, ['a', 'b'], { contexts: ['c'], ...options });

/** The row that comparisons on tables have unless it is switched off. */
export const BOOSTING: RegisteredModel = {
  name: 'gradient-boosting',
  description: 'boosted trees for each task, or with shared splits; trained without gradients, batches and epochs',
  paper: 'Friedman, Annals of Statistics 2001; Ke et al., NeurIPS 2017',
  useWhen: 'you want to know whether any network is worth its cost on your table',
  onlyNamed: true,
  trainsItself: canBoost,
  build: () => gradientBoosting(),
};

const networkSize = (
  { levels, experts }: ModelSize,
  tasks: readonly string[],
  { expert = mlp, gate, contexts }: BuildOptions = {},
): NetworkSize => ({ tasks, contexts, widths: levels, experts, expert: (widths) => expert(widths), gate });

/** What all but the logistic regression have around the network. */
const deep = (size: ModelSize, network: NetworkSpec): ModelParts => ({
  network,
  input: embed({ dimension: size.embedding, ...(size.start && { start: size.start }) }),
  tower: mlp(size.tower),
  ...(size.members !== undefined && size.members > 1 && { members: size.members }),
});

const VALUES = { ...tunedOptions, ...partial(modelSize) };

/** The hyper-parameters of a model: those of its training, its size, and the weights of a plain sum. */
export interface Hyperparameters extends Partial<ModelSize>, TunedTraining {
  /** The weights of the plain sum of losses. Only the balancer `tuned-weights` chooses them: a space can't contain them. */
  readonly taskWeights?: TaskWeights;
}

export const spaceOptions = mapValues(VALUES, (values: Option) => optional(dimensionOf(values))) as {
  readonly [K in keyof typeof VALUES]: Option<Dimension> & Lackable;
};

/** The values to try, by hyper-parameter. */
export interface Space extends Written<typeof spaceOptions>, FromDescription {}

export const searchSpace = (space: Space): SearchSpace => ({ ...space }) as SearchSpace;

/** The weight of each task's loss. The mean of the weights is 1. */
export type TaskWeights = Readonly<Record<string, number>>;

/** Weights are drawn from 1 / FURTHEST to FURTHEST, before they are scaled. */
export const FURTHEST = 5;
/** Draws for each task after the first. Adam depends only on the ratios of the weights. */
const DRAWS = 4;

/**
 * The weights that the balancer `tuned-weights` tries: equal weights, and four draws for each task after the first. A draw has a
 * number from 1/5 to 5 for each task, uniform on a logarithmic scale, and is scaled to a mean of 1. The same tasks always have
 * the same weights.
 *
 * @example weightsToTry(['click', 'like']); // [{ click: 1, like: 1 }, …]: five
 */
export function weightsToTry(tasks: readonly string[]): TaskWeights[] {
  const draws = Array.from({ length: DRAWS * (tasks.length - 1) }, (_, i) =>
    scaledWeights(drawWeights(tasks, counterRandom(0, i))),
  );
  return [recordOf(tasks, () => 1), ...draws];
}

export const drawWeights = (tasks: readonly string[], random: () => number): TaskWeights =>
  recordOf(tasks, () => FURTHEST ** (2 * random() - 1));

export function scaledWeights(weights: TaskWeights): TaskWeights {
  const scale = mean(Object.values(weights));
  return mapValues(weights, (weight) => Number((weight / scale).toPrecision(3)));
}
