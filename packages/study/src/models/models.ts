import { canBoost, gradientBoosting, logisticRegression, sharedBottom } from '@polytask/baselines';
import '@polytask/adatt'; // after the baselines: lists have the order of definitions
import { embed, levelsOf, type NetworkSize, type NetworkSpec } from '@polytask/core';
import { networkVariants } from '@polytask/core/internal';
import { mlp } from '@polytask/experts';
import type { BuildOptions, ModelParts, RegisteredModel, ModelSize } from './registered-model.ts';

/** The row that the others' gain is measured against. */
export const BASELINE = 'single-task';

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

const BOOSTING: RegisteredModel = {
  name: 'gradient-boosting',
  description: 'boosted trees, one model for each task; trained without gradients, batches and epochs',
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
