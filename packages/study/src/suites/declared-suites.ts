import type { ModelEntry } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';
import { mlp, perContext } from '@polytask/experts';
import { models } from '../models/models.ts';
import { balancers, CONTROL, TUNED } from '../balancers/balancers.ts';

/** A network for each tab: a level of shared-bottom whose expert each value of the context has for itself. */
const perTab = {
  levels: [128, 64].map((width) => ({ experts: perContext({ expert: mlp([width]), context: 'tab' }) })),
};

const PAPER = 'Li et al., KDD 2023';

/** What the comparisons on census-income have in common. Each model tunes what moves its AUC as much as the architecture does. */
const TUNED_ON_CENSUS = {
  extends: 'census-income',
  training: { epochs: 6 },
  search: {
    method: 'grid',
    space: { learningRate: { choices: [1e-3, 3e-3, 9e-3] }, start: { choices: ['small', 'pytorch'] } },
  },
  seeds: 20,
} satisfies Partial<SuiteDeclaration>;

/** AdaTT-sp with `perTask` experts for each of the three tasks. */
const spWith = (perTask: number): ModelEntry => ({
  model: 'adatt-sp',
  as: `adatt-sp, ${perTask} a task`,
  size: { experts: 3 * perTask },
});

/** The data of the variant `alike`. Each other variant changes one number of it. */
const ALIKE = { correlation: 0.9, conflict: 0, rows: 8000 };

/** A control that shares nothing and has a tenth more parameters than shared-bottom. Its gain comes from its size. */
const NARROW: ModelEntry = { model: 'single-task', as: 'single-task, narrow', size: { levels: [16, 8] } };

/**
 * The suite that `polytask bench` runs by default.
 *
 * Five kinds of data, with a table for each. In `alike` the tasks have much in common and many labels. Each other variant changes
 * one property: one task has few labels, all tasks have few rows, the tasks are unrelated, or one task contradicts the others.
 *
 * All models share one configuration. Epochs are chosen on the validation rows; early stopping ends a training long before epoch 150.
 */
export const defaultSuite: SuiteDeclaration = {
  name: 'when-sharing-helps',
  description: 'when sharing helps: synthetic tasks with few labels, few rows, alike, unrelated, and in conflict',
  paper: 'after Ma et al., KDD 2018, section 3.2',
  extends: 'synthetic',
  variants: {
    'few labels': { ...ALIKE, labelRate: [0.03, 1, 1] },
    'few rows': { ...ALIKE, rows: 1000 },
    alike: ALIKE,
    unrelated: { ...ALIKE, correlation: 0 },
    conflict: { ...ALIKE, conflict: 0.4 },
  },
  models: ['logistic-regression', 'single-task', NARROW, 'shared-bottom', 'cross-stitch', 'mmoe', 'ple', 'adatt'],
  training: { epochs: 150, batchSize: 128, patience: 10 },
  seeds: 8,
};

/** Every balancer on the architecture that shares most, and so has most to balance. */
const balancing: SuiteDeclaration = {
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

/** The suites that extend other suites. To add a suite, add it here. */
export const declaredSuites: readonly SuiteDeclaration[] = [
  defaultSuite,
  {
    ...TUNED_ON_CENSUS,
    name: 'paper-table-5',
    description: "census-income at the paper's two sizes: AdaTT, PLE, multi-level MMoE, and simpler models",
    paper: `${PAPER}, table 5`,
    models: [
      'logistic-regression',
      'single-task',
      'shared-bottom',
      'cross-stitch',
      'mmoe',
      'ml-mmoe',
      'ple',
      'adatt-sp',
      'adatt',
    ],
    budgets: {
      '6 experts of 128/64': { size: { experts: 6, levels: [128, 64], tower: [32] } },
      '9 experts of 96/48': { size: { experts: 9, levels: [96, 48], tower: [32] } },
    },
    seeds: 100,
  },
  {
    name: 'ablation-residual',
    description: 'AdaTT and AdaTT-sp with and without their native residual',
    paper: `${PAPER}, table 6`,
    extends: 'paper-table-5',
    baseline: 'adatt',
    models: [
      'adatt',
      { model: 'adatt', as: 'adatt, no residual', network: { residual: false } },
      'adatt-sp',
      { model: 'adatt-sp', as: 'adatt-sp, no residual', network: { residual: false } },
    ],
    seeds: 20,
  },
  {
    ...TUNED_ON_CENSUS,
    name: 'experts-per-task',
    description: 'AdaTT-sp with one to five experts a task',
    paper: `${PAPER}, table 7`,
    baseline: 'adatt-sp, 1 a task',
    models: [1, 2, 3, 4, 5].map(spWith),
  },
  {
    ...TUNED_ON_CENSUS,
    name: 'fusion-levels',
    description: 'AdaTT and PLE with one to four fusion levels, at one width and narrowing',
    paper: `${PAPER}, table 8`,
    baseline: 'ple',
    models: ['ple', 'adatt-sp', 'adatt'],
    budgets: {
      '1 of 64': { size: { levels: [64] } },
      '2 of 64': { size: { levels: [64, 64] } },
      '3 of 64': { size: { levels: [64, 64, 64] } },
      '4 of 64': { size: { levels: [64, 64, 64, 64] } },
      '128/64': { size: { levels: [128, 64] } },
      '256/128/64': { size: { levels: [256, 128, 64] } },
    },
  },
  {
    ...TUNED_ON_CENSUS,
    name: 'heat-map',
    description: 'the models with gates on census-income, for their fusion weights',
    paper: `${PAPER}, figure 3`,
    baseline: 'adatt',
    models: ['cross-stitch', 'ml-mmoe', 'ple', 'adatt-sp', 'adatt'],
  },
  {
    name: 'synthetic-correlation',
    description: 'synthetic tasks of correlation 0, .25, .5, .75 and 1',
    paper: 'after Ma et al., KDD 2018, section 3.2',
    extends: 'synthetic',
    data: { conflict: 0 },
    variants: Object.fromEntries(
      [0, 0.25, 0.5, 0.75, 1].map((correlation) => [`correlation ${correlation}`, { correlation }]),
    ),
    models: ['single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'],
    seeds: 20,
  },
  {
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
  },
  /** Every architecture that needs no context. One learning rate for all of them: a first look, not a tuned comparison. */
  {
    name: 'related-work',
    description: 'all architectures on census-income, under one learning rate',
    paper: 'the related work of AdaTT, Li et al., KDD 2023',
    extends: 'census-income',
    training: { epochs: 6, learningRate: 3e-3 },
    models: models()
      .filter(({ needsContext }) => !needsContext)
      .map(({ name }) => name),
    seeds: 10,
  },
  balancing,
  /** The same on KuaiRand-Pure, with the learning rate that `kuairand-models` chose for shared-bottom. */
  {
    ...balancing,
    name: 'kuairand-balancing',
    description: 'all balancers on shared-bottom, on KuaiRand-Pure',
    extends: 'kuairand-pure',
    training: { epochs: 6, patience: 1, learningRate: 9e-3 },
  },
  /** No logistic regression: users and videos are more categories than one-hot columns are for. */
  {
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
  },
  /** `shared-bottom` and `ple` read the tab as a feature. `network per tab` shares the embeddings and the towers only. */
  {
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
  },
  /** The setting of MMoE's paper as torch-rechub has it. Half of the test file chooses the epoch. */
  {
    name: 'census-two-tasks',
    description:
      'income and never married on census-income, education a feature: the setting of torch-rechub, beside boosting',
    paper: 'Ma et al., KDD 2018; Tang et al., RecSys 2020',
    extends: 'census-income',
    data: { tasks: ['income', 'marital'], validationFrom: 'test' },
    size: { levels: [16], experts: 8, tower: [8], embedding: 4 },
    training: { epochs: 20, patience: 3 },
    models: [
      'gradient-boosting',
      { model: 'single-task', size: { levels: [117] } },
      { model: 'shared-bottom', size: { levels: [117] } },
      'mmoe',
      { model: 'ple', size: { experts: 5 } },
      { model: 'aitm', size: { levels: [32, 16] } },
      { model: 'adatt', size: { experts: 4 } },
    ],
    seeds: 20,
  },
  {
    name: 'census-two-tasks-taught',
    description: 'census-two-tasks with wider levels, eight members (TabM), averaged weights and boosting as a teacher',
    paper: 'Gorishniy et al., ICLR 2025',
    extends: 'census-two-tasks-values',
    size: { levels: [128, 64], experts: 4, tower: [32], embedding: 8, members: 8 },
    training: {
      ...{ epochs: 30, headStart: 'base-rate', teacher: 0.5 },
      optimizer: { kind: 'optimizer', name: 'adam', config: { ema: 0.99 } },
    },
    models: ['gradient-boosting', 'single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'],
    seeds: 5,
  },
  {
    name: 'census-two-tasks-values',
    description: 'census-two-tasks with vectors for repeated values of the numbers',
    paper: 'Ma et al., KDD 2018; Tang et al., RecSys 2020',
    extends: 'census-two-tasks',
    data: { values: 'auto' },
    seeds: 10,
  },
  {
    name: 'funnel-models',
    description: 'models of a funnel against the true rate of buying: selection by features, hidden, with late labels',
    paper: 'Wang et al., SIGIR 2022; Zhu et al., ICDE 2023',
    extends: 'funnel',
    variants: { features: { hidden: 0 }, hidden: { hidden: 1.5 }, delayed: { delayed: 0.3 } },
    models: ['single-task', 'shared-bottom', 'mmoe', 'esmm', 'escm2-ips', 'escm2-dr', 'dcmt', 'dbmtl', 'aitm'],
    seeds: 10,
  },
];
