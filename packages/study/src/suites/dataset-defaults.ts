import { trainingBudget } from '@polytask/training';
import type { SuiteDefaults } from './suite-row.ts';

/**
 * The defaults of trainings and comparisons on a data set of your own.
 *
 * @param rows the number of training rows
 * @param tasks the number of tasks
 * @example datasetDefaults(12_000, 2).batchSize; // 128
 */
export const datasetDefaults = (rows: number, tasks: number): SuiteDefaults => ({
  seeds: [1, 2, 3],
  ...trainingBudget(rows),
  learningRate: 1e-3,
  headStart: 'base-rate',
  size: { levels: [128, 64], experts: 2 * tasks, tower: [32], embedding: 8 },
});
