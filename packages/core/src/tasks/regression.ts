import { flag, oneOf, optional, type FromDescription } from '@polytask/components';
import { declareTask, registerTask, type TaskOptions, type TaskWith } from './task-kind.ts';

const options = {
  /** `standard`: labels are standardized by the labeled training rows. `none`: labels stay as they are. */
  scale: optional(oneOf('standard', 'none'), 'standard'),
  /** Applies sign(y)·log(1 + |y|) first. Use it for amounts and durations with a long tail. */
  log: optional(flag, false),
};

/**
 * A task that predicts a number: one output, [rows], in the label's own unit. The model is trained on standardized labels, (y − mean) / standard
 * deviation, after the logarithm, so that the unit of a label changes neither the task's weight nor the learning rate that fits.
 */
export interface RegressionTask extends TaskWith<typeof options>, FromDescription {
  readonly kind: 'regression';
}

/**
 * Declares a task that predicts a number.
 *
 * @throws PolytaskError as {@link binary} does
 * @example regression({ from: 'watch_seconds', log: true })
 */
export const regression = (given?: TaskOptions<typeof options>): RegressionTask => declareTask('regression', given);

registerTask(
  'regression',
  ({ log, scale }) => ({
    label: { type: 'number', log, scale },
    prediction: { type: 'number' },
    loss: () => ({ kind: 'loss', name: 'mse', config: {} }),
    boosting: { objective: 'regression' },
    start: scale === 'none' ? undefined : () => [0], // the mean of standardized labels
    metrics: ['rmse', 'mae'],
  }),
  { options, description: 'a number', package: '@polytask/core' },
);
