import { adatt, adattSp } from '@polytask/adatt';
import { cgc, crossStitch, logisticRegression, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { withoutShared, withShared } from './expert-budget.ts';
import type { ModelRow } from './model-row.ts';
import { deep, levels } from './parts.ts';
import { relatedModels } from './related-models.ts';

/** The row that the others' gain is measured against. */
export const BASELINE = 'single-task';

/** All that the bench can compare. A new architecture is a row here. */
export const models: readonly ModelRow[] = [
  {
    name: 'logistic-regression',
    description: 'a linear model a task on numbers and one-hot columns; linear regression for a regression task',
    rate: 10, // at a network's rate it isn't done after the few epochs that a network takes
    build: () => logisticRegression(),
  },
  {
    name: BASELINE,
    description: 'a network for each task; only the embeddings of the features are shared',
    build: (size) => deep(size, singleTask({ levels: levels(size) })),
  },
  {
    name: 'shared-bottom',
    description: 'one expert that all tasks share',
    paper: 'Caruana 1997, Multitask learning',
    build: (size) => deep(size, sharedBottom({ levels: levels(size) })),
  },
  {
    name: 'cross-stitch',
    description: "one expert a task; a learned constant matrix mixes the tasks' lanes at each level",
    paper: 'Misra et al., CVPR 2016',
    build: (size) => deep(size, crossStitch({ levels: levels(size) })),
  },
  {
    name: 'mmoe',
    description: 'a pool of deep experts, a softmax gate for each task',
    paper: 'Ma et al., KDD 2018',
    build: (size) => deep(size, mmoe({ levels: [{ experts: mlp(size.levels), pool: size.experts }] })),
  },
  {
    name: 'ml-mmoe',
    alias: 'mmoe-multi-level',
    description: 'multi-level MMoE: a pool of experts a level, each gated on the network input',
    paper: 'Li et al., KDD 2023, as a baseline of AdaTT',
    build: (size) => deep(size, mmoe({ levels: levels(size, { pool: size.experts }) })),
  },
  {
    name: 'cgc',
    description: "one level of a task's own and shared deep experts, gated",
    paper: 'Tang et al., RecSys 2020',
    build: (size, tasks) => deep(size, cgc({ experts: mlp(size.levels), ...withShared(size.experts, tasks.length) })),
  },
  {
    name: 'ple',
    description: 'CGC in levels: gates over own and shared experts, the shared lane sees all',
    paper: 'Tang et al., RecSys 2020',
    build: (size, tasks) => deep(size, ple({ levels: levels(size, withShared(size.experts, tasks.length)) })),
  },
  {
    name: 'adatt-sp',
    description: "AdaTT with the tasks' own experts alone: gates over all experts and a native residual",
    paper: 'Li et al., KDD 2023, section 3.1',
    build: (size, tasks) =>
      deep(size, adattSp({ levels: levels(size, { perTask: withoutShared(size.experts, tasks.length) }) })),
  },
  {
    name: 'adatt',
    description: 'AdaTT with shared experts: gates over all experts and a native residual',
    paper: 'Li et al., KDD 2023, eq. 11',
    build: (size, tasks) => deep(size, adatt({ levels: levels(size, withShared(size.experts, tasks.length)) })),
  },
  ...relatedModels,
];
