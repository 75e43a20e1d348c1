import { flag, oneOf, optional } from '@polytask/components';
import { declareTask, registerTask, type OptionsOf } from './task-kind.ts';
import type { Task } from './tasks.ts';

/**
 * A task that predicts a number: one output. The prediction is in the label's own unit, [rows].
 *
 * The model is trained on standardized labels, (y − mean) / standard deviation. The unit of a label therefore changes neither the
 * task's weight nor the learning rate that fits. Encoded rows hold standardized labels; predictions and metrics are in the
 * label's unit.
 */
export interface RegressionTask extends Task {
  readonly kind: 'regression';
  /** `standard` (default): labels are standardized by the labeled training rows. `none`: labels stay as they are. */
  scale?: 'standard' | 'none';
  /** Applies sign(y)·log(1 + |y|) first. Use it for amounts and durations with a long tail. Default false. */
  log?: boolean;
  /** Set when a schema is fitted: mean and standard deviation of the label, after the logarithm, by sample weight. */
  readonly fitted?: { readonly mean: number; readonly deviation: number };
}

/**
 * Declares a task that predicts a number.
 *
 * @throws PolytaskError as {@link binary} does
 * @example regression({ from: 'watch_seconds', log: true })
 */
export const regression = (options: OptionsOf<RegressionTask> = {}): RegressionTask =>
  declareTask('regression', options) as RegressionTask;

registerTask<RegressionTask>('regression', {
  options: () => ({ scale: optional(oneOf('standard', 'none')), log: optional(flag) }),
  label: ({ log = false, scale = 'standard' }) => ({ type: 'number', log, scale }),
  prediction: () => ({ type: 'number' }),
  loss: () => ({ kind: 'loss', name: 'mse', config: {} }),
  boosting: () => ({ objective: 'regression' }),
  start: ({ fitted, scale }) => (fitted && scale !== 'none' ? [0] : undefined), // the mean of standardized labels
  metrics: () => ['rmse', 'mae'],
  description: 'a number',
  package: '@polytask/core',
});
