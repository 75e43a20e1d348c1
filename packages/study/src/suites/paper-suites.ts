import type { ModelEntry } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';

const PAPER = 'Li et al., KDD 2023';

/**
 * What every comparison on census-income tunes, for each model by itself: the learning rate and how embeddings start move its
 * AUC as much as the architecture does. Epochs are picked on the validation rows, up to six.
 */
const TUNED = {
  training: { epochs: 6 },
  search: {
    method: 'grid',
    space: { learningRate: { choices: [1e-3, 3e-3, 9e-3] }, start: { choices: ['small', 'pytorch'] } },
  },
} as const;

/** AdaTT-sp with so many experts a task, of three tasks. */
const spWith = (perTask: number): ModelEntry => ({
  model: 'adatt-sp',
  as: `adatt-sp, ${perTask} a task`,
  size: { experts: 3 * perTask },
});

/** The public tables of AdaTT's paper: six experts of 128/64 or nine of 96/48 a level. */
export const paperTable5: SuiteDeclaration = {
  name: 'paper-table-5',
  description: "census-income at the paper's two sizes: AdaTT, PLE, multi-level MMoE, and simpler models",
  paper: `${PAPER}, table 5`,
  extends: 'census-income',
  ...TUNED,
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
};

/** With the native residual and without it. */
export const ablationResidual: SuiteDeclaration = {
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
};

/** Experts of each task, from one up. */
export const expertsPerTask: SuiteDeclaration = {
  name: 'experts-per-task',
  description: 'AdaTT-sp with one to five experts a task',
  paper: `${PAPER}, table 7`,
  extends: 'census-income',
  ...TUNED,
  baseline: 'adatt-sp, 1 a task',
  models: [1, 2, 3, 4, 5].map(spWith),
  seeds: 20,
};

/** Levels of fusion: of one width, and narrowing from level to level. */
export const fusionLevels: SuiteDeclaration = {
  name: 'fusion-levels',
  description: 'AdaTT and PLE with one to four fusion levels, at one width and narrowing',
  paper: `${PAPER}, table 8`,
  extends: 'census-income',
  ...TUNED,
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
  seeds: 20,
};

/** The fusion weights of each model that has some. */
export const heatMap: SuiteDeclaration = {
  name: 'heat-map',
  description: 'the models with gates on census-income, for their fusion weights',
  paper: `${PAPER}, figure 3`,
  extends: 'census-income',
  baseline: 'adatt',
  ...TUNED,
  models: ['cross-stitch', 'ml-mmoe', 'ple', 'adatt-sp', 'adatt'],
  seeds: 20,
};

/** From tasks that have nothing in common to tasks that are one. */
export const syntheticCorrelation: SuiteDeclaration = {
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
};
