import { checks, defineNetwork, fusion, ownUnits, SHARED, sharedUnit, levelsOf } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { maskGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, optional, shaped, text, wholeNumber } = checks;

/** The configuration of {@link pepnet}. */
export interface PepnetOptions {
  /** The levels, from the input up; one or more. Each task has one expert per level. */
  levels: readonly ExpertLevel[];
  /** Names of the features that gate the input (EPNet). Default: the contexts of the schema. If there are none, there is no EPNet. */
  domain?: readonly string[];
  /** Names of the features of a row's user, item or author, which gate the layers (PPNet). Default: the whole input. */
  prior?: readonly string[];
  /** Width of a gate's hidden layer. Default 32. */
  hidden?: number;
}

/**
 * PEPNet (Chang et al., KDD'23). A Gate NU is 2 σ(relu(z W + b) V + c), a weight in (0, 2) for each feature. EPNet gates the
 * embeddings by the contexts of the schema, such as the tab of an app, once for all tasks. PPNet gates each layer of each task's
 * network by the features of the user, item and author. A gate of EPNet reads its features and the whole input, and a gate of PPNet reads its
 * features and EPNet's output. No gradient flows to the input or EPNet's output through the gates.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @throws PolytaskError, when the model is built, if a feature isn't in the input
 * @example
 * pepnet({
 *   levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }],
 *   prior: ['user', 'author'],
 * })
 */
export const pepnet = defineNetwork<PepnetOptions>(
  'pepnet',
  ({ levels, domain, prior, hidden = 32 }, tasks, contexts) => {
    const scenario = domain ?? contexts;
    const nu = { hidden: [hidden], scale: 2 };
    const lanes = { gateReads: Object.fromEntries(tasks.map((task) => [task, [SHARED]])), keeps: [SHARED] };
    const ppnet = maskGate({
      ...nu,
      sees: 'own',
      ...(prior ? { features: prior, context: true } : { detach: true }),
    });
    return fusion([
      ...(scenario.length > 0
        ? [
            {
              units: sharedUnit(1),
              experts: passExpert(),
              outputs: [SHARED],
              gate: maskGate({ ...nu, sees: 'all', reads: 'raw', features: scenario, context: true }),
            },
          ]
        : []),
      ...levels.map(({ experts }, l) => ({
        units: ownUnits(tasks).map((unit) => (l === 0 ? { ...unit, reads: [SHARED] } : unit)),
        experts,
        outputs: tasks,
        ...lanes,
        gate: ppnet,
      })),
    ]);
  },
  {
    description: "each task's layers gated feature by feature, by the input",
    paper: 'Chang et al., KDD 2023',
    package: '@polytask/baselines',
    variants: {
      pepnet: {
        useWhen: 'a few features, such as the user or the scenario, should steer all layers of all tasks',
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      domain: optional(listOf(text)),
      prior: optional(listOf(text, 1)),
      hidden: optional(wholeNumber(1)),
    },
  },
);
