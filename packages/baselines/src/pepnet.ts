import { checks, defineNetwork, fusion, ownUnits, SHARED, sharedUnit, levelsOf } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { maskGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, optional, shaped, text, wholeNumber } = checks;

export interface PepnetConfig {
  /** From the input up, one or more; each task has one expert a level. */
  levels: readonly ExpertLevel[];
  /** Features that say which domain a row is of: they gate the input. Default: none do, and there is no EPNet. */
  domain?: readonly string[];
  /** Features that say whose row it is (user, item, author): they gate the tasks' layers. Default: the whole input. */
  prior?: readonly string[];
  /** Width of a gate's hidden layer. Default 32. */
  hidden?: number;
}

/**
 * PEPNet (Chang et al., KDD'23). A Gate NU is 2 σ(relu(z W + b) V + c), a weight in (0, 2) for each feature.
 * EPNet gates the embeddings by the domain's features, once for all tasks; PPNet gates each layer of each task's network
 * by the features of whose row it is. A gate reads those features beside the whole input, through which no gradient flows.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or unfit; when the model is built, if a feature
 *   isn't in the input
 * @example pepnet({ levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }], domain: ['tab'], prior: ['user', 'author'] })
 */
export const pepnet = defineNetwork<PepnetConfig>(
  'pepnet',
  ({ levels, domain, prior, hidden = 32 }, tasks) => {
    const gate = (sees: 'own' | 'all', features: readonly string[] | undefined) => {
      const nu = { sees, reads: 'raw', hidden: [hidden], scale: 2 } as const;
      return maskGate(features ? { ...nu, features, context: true } : { ...nu, detach: true });
    };
    const epnet = domain && [
      { units: sharedUnit(1), experts: passExpert(), outputs: [SHARED], gate: gate('all', domain) },
    ];
    return fusion([
      ...(epnet ?? []),
      ...levels.map(({ experts }, l) => ({
        units: ownUnits(tasks).map((unit) => (l === 0 ? { ...unit, reads: [SHARED] } : unit)),
        experts,
        outputs: tasks,
        gate: gate('own', prior),
      })),
    ]);
  },
  {
    description: "each task's layers gated feature by feature, by the input",
    paper: 'Chang et al., KDD 2023',
    package: '@polytask/baselines',
    variants: {
      pepnet: {
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size) }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      domain: optional(listOf(text, 1)),
      prior: optional(listOf(text, 1)),
      hidden: optional(wholeNumber(1)),
    },
  },
);
