import type { ModelEntry } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';

const PAPER = 'Li et al., KDD 2023';

/**
 * What the comparisons on census-income have in common. Each model tunes its own learning rate and the start of its embeddings,
 * because both move its AUC as much as the architecture does. Epochs are chosen on the validation rows, up to six.
 */
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

/** The models of AdaTT's public benchmark at its two sizes: six experts of 128/64, or nine of 96/48, in each level. */
export const paperTable5: SuiteDeclaration = {
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
};

/** AdaTT and AdaTT-sp with their native residual and without it. */
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

/** AdaTT-sp with one to five experts for each task. */
export const expertsPerTask: SuiteDeclaration = {
  ...TUNED_ON_CENSUS,
  name: 'experts-per-task',
  description: 'AdaTT-sp with one to five experts a task',
  paper: `${PAPER}, table 7`,
  baseline: 'adatt-sp, 1 a task',
  models: [1, 2, 3, 4, 5].map(spWith),
};

/** One to four fusion levels of one width, and two or three levels that narrow. */
export const fusionLevels: SuiteDeclaration = {
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
};

/** The models with fusion weights, for heat maps of the weights. */
export const heatMap: SuiteDeclaration = {
  ...TUNED_ON_CENSUS,
  name: 'heat-map',
  description: 'the models with gates on census-income, for their fusion weights',
  paper: `${PAPER}, figure 3`,
  baseline: 'adatt',
  models: ['cross-stitch', 'ml-mmoe', 'ple', 'adatt-sp', 'adatt'],
};

/**
 * Income and marital status with education as a feature, in the setting of MMoE's paper as torch-rechub has it. Half of the test file
 * chooses the epoch.
 */
export const censusTwoTasks: SuiteDeclaration = {
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
};

/** The same with vectors for repeated values of the numbers, which torch-rechub doesn't have. */
export const censusTwoTasksValues: SuiteDeclaration = {
  name: 'census-two-tasks-values',
  description: 'census-two-tasks with vectors for repeated values of the numbers',
  paper: 'Ma et al., KDD 2018; Tang et al., RecSys 2020',
  extends: 'census-two-tasks',
  data: { values: 'auto' },
  seeds: 10,
};

/** The same rows with what helps a network on a table: wider levels, members that share weights, and boosting as a teacher. */
export const censusTwoTasksTaught: SuiteDeclaration = {
  name: 'census-two-tasks-taught',
  description: 'census-two-tasks with wider levels, eight members (TabM), averaged weights and boosting as a teacher',
  paper: 'Gorishniy et al., ICLR 2025',
  extends: 'census-two-tasks-values',
  size: { levels: [128, 64], experts: 4, tower: [32], embedding: 8, members: 8 },
  training: { epochs: 30, headStart: 'base-rate', optimizer: 'adam(ema=0.99)', teacher: 0.5 },
  models: ['gradient-boosting', 'single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'],
  seeds: 5,
};
