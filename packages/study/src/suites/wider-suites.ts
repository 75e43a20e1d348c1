import { mlp, perContext } from '@polytask/experts';
import { models } from '../models/models.ts';
import { balancers, CONTROL, TUNED } from '../balancers/balancers.ts';
import type { SuiteDeclaration } from './declaration.ts';

/** Every architecture that needs no context. One learning rate for all of them: a first look, not a tuned comparison. */
export const relatedWork: SuiteDeclaration = {
  name: 'related-work',
  description: 'all architectures on census-income, under one learning rate',
  paper: 'the related work of AdaTT, Li et al., KDD 2023',
  extends: 'census-income',
  training: { epochs: 6, learningRate: 3e-3 },
  models: models()
    .filter(({ needsContext }) => !needsContext)
    .map(({ name }) => name),
  seeds: 10,
};

/** Every balancer on the architecture that shares most, and so has most to balance. */
export const balancingSuite: SuiteDeclaration = {
  name: 'balancing',
  description: 'all balancers on shared-bottom, on census-income',
  extends: 'census-income',
  training: { epochs: 6, learningRate: 3e-3 },
  models: ['shared-bottom'],
  balancers: balancers()
    .filter((row) => row !== CONTROL && row !== TUNED)
    .map(({ name }) => name),
  baseline: 'shared-bottom',
  seeds: 10,
};

/** The same on KuaiRand-Pure, with the learning rate that `kuairand-models` chose for shared-bottom. */
export const kuairandBalancing: SuiteDeclaration = {
  ...balancingSuite,
  name: 'kuairand-balancing',
  description: 'all balancers on shared-bottom, on KuaiRand-Pure',
  extends: 'kuairand-pure',
  training: { epochs: 6, patience: 1, learningRate: 9e-3 },
};

/**
 * AdaTT and its baselines on real feedback to short videos: each tunes its learning rate and the start of its embeddings. No
 * logistic regression: users and videos are more categories than one-hot columns are for.
 */
export const kuairandModels: SuiteDeclaration = {
  name: 'kuairand-models',
  description: 'AdaTT and its baselines on KuaiRand-Pure: five kinds of feedback, AUC also within users',
  paper: 'data: Gao et al., CIKM 2022',
  extends: 'kuairand-pure',
  models: ['single-task', 'shared-bottom', 'cross-stitch', 'mmoe', 'ml-mmoe', 'cgc', 'ple', 'adatt-sp', 'adatt'],
  training: { epochs: 6, patience: 1 },
  search: {
    method: 'grid',
    space: { learningRate: { choices: [3e-3, 9e-3, 2.7e-2] }, start: { choices: ['small', 'pytorch'] } },
  },
  seeds: 10,
};

/** A network for each tab: a level of shared-bottom whose expert each value of the context has for itself. */
const perTab = {
  levels: [128, 64].map((width) => ({ experts: perContext({ expert: mlp([width]), context: 'tab' }) })),
};

/**
 * Models of several scenarios, by the tab of the app. `shared-bottom` and `ple` read the tab as a feature.
 * `network per tab` shares the embeddings and the towers only.
 */
export const kuairandScenarios: SuiteDeclaration = {
  name: 'kuairand-scenarios',
  description:
    'models of several scenarios on KuaiRand-Pure, by the tab of the app: the scenario as a feature, or as a context',
  paper: 'data: Gao et al., CIKM 2022',
  extends: 'kuairand-pure',
  data: { context: ['tab'] },
  models: [
    { model: 'shared-bottom', as: 'network per tab', network: perTab },
    'shared-bottom',
    'ple',
    'pepnet',
    'star',
    'adapt-dhm',
    'sar-net',
    'hinet',
    'm3oe',
  ],
  baseline: 'shared-bottom',
  training: { epochs: 6, patience: 1 },
  search: { method: 'grid', space: { learningRate: { choices: [3e-3, 9e-3, 2.7e-2] } } },
  seeds: 10,
};

/** How much of a verdict is the start of the embeddings and the length of training. */
export const sensitivity: SuiteDeclaration = {
  name: 'sensitivity',
  description: 'the order of models on census-income as embeddings start otherwise and training goes on longer',
  extends: 'census-income',
  models: ['single-task', 'ml-mmoe', 'ple', 'adatt-sp', 'adatt'],
  budgets: {
    'start ±0.05, 6 epochs': { size: { start: 'small' }, training: { epochs: 6 } },
    'start N(0, 1), 6 epochs': { size: { start: 'pytorch' }, training: { epochs: 6 } },
    'start ±0.05, 15 epochs': { size: { start: 'small' }, training: { epochs: 15, patience: 15 } },
    'start N(0, 1), 15 epochs': { size: { start: 'pytorch' }, training: { epochs: 15, patience: 15 } },
  },
  seeds: 8,
};
