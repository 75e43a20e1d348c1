import type { ModelEntry } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';

/** The settings of `alike`. Each other variant changes one of them. */
const ALIKE = { correlation: 0.9, conflict: 0, rows: 8000 };

/** A control: it shares nothing and has a tenth more parameters than shared-bottom. What it gains is a matter of size. */
const NARROW: ModelEntry = { model: 'single-task', as: 'single-task, narrow', size: { levels: [16, 8] } };

/**
 * Five kinds of data, a table each. In `alike` the tasks have much in common and many labels; each other variant changes one
 * thing: one task has few labels, all have few rows, the tasks have nothing in common, or one contradicts the others. One
 * configuration for all models. Epochs are picked on the validation rows; training stops long before the last epoch.
 */
export const whenSharingHelps: SuiteDeclaration = {
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
