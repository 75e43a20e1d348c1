import { listOf, optional, text, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, ownUnits, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { maskGate } from '@polytask/gating';
import { defineNetwork, expertLevels } from './levels.ts';

const options = {
  ...expertLevels,
  /** Names of the features that gate the input (EPNet). Without it, the contexts of the schema; if there are none, there is no EPNet. */
  domain: optional(listOf(text)),
  /** Names of the features of a row's user, item or author, which gate the layers (PPNet). Without it, the whole input. */
  prior: optional(listOf(text, 1)),
  /** Width of a gate's hidden layer. */
  hidden: optional(wholeNumber(1), 32),
};

export interface PepnetOptions extends Written<typeof options>, FromDescription {}

/**
 * PEPNet (Chang et al., KDD'23). A Gate NU is 2 σ(relu(z W + b) V + c), a weight in (0, 2) for each feature. EPNet gates the
 * embeddings by the contexts of the schema, such as the tab of an app, once for all tasks. PPNet gates each layer of each task's
 * network by the features of the user, item and author. A gate of EPNet reads its features and the whole input, and a gate of PPNet reads its
 * features and EPNet's output. No gradient flows to the input or EPNet's output through the gates.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if a feature isn't in the input
 * @example
 * pepnet({
 *   levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }],
 *   prior: ['user', 'author'],
 * })
 */
export const pepnet: (config: PepnetOptions) => NetworkSpec = defineNetwork(
  'pepnet',
  ({ levels, domain, prior, hidden }, tasks, contexts) => {
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
    traits: { estimated: true },
    description: "each task's layers gated feature by feature, by the input",
    paper: 'Chang et al., KDD 2023',
    variant: {
      useWhen: 'a few features, such as the user or the scenario, should steer all layers of all tasks',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options,
  },
);
