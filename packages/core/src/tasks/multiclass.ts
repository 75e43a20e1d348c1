import { custom, fail, listOf, optional, string } from '@polytask/components';
import { logOf } from './binary.ts';
import { declareTask, registerTask, type OptionsOf } from './task-kind.ts';
import type { Task } from './tasks.ts';

/**
 * A task of several classes: one logit per class. The prediction is the probabilities of the
 * classes, row-major [rows × classes].
 */
export interface MulticlassTask extends Task {
  readonly kind: 'multiclass';
  /** The classes in the order of the logits. Default: the classes of the training rows. */
  classes?: readonly string[];
  /** Set when a schema is fitted: the share of each class among the labeled training rows, by sample weight. */
  readonly fitted?: { readonly shares: readonly number[] };
}

/** Checks the classes of a task: each has one output, and one name in a prediction. */
const texts = listOf(string);
export const classNames = custom<readonly string[]>((value, where) => {
  const names = texts.read(value, where);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return names;
  return fail({
    expected: `different classes for ${where}`,
    received: `"${twice}" twice`,
    fix: 'Name each class once.',
  });
}, texts.shape);

/**
 * Declares a task of several classes.
 *
 * @throws PolytaskError as {@link binary} does
 * @example multiclass({ classes: ['low', 'middle', 'high'] })
 */
export const multiclass = (options: OptionsOf<MulticlassTask> = {}): MulticlassTask =>
  declareTask('multiclass', options) as MulticlassTask;

registerTask<MulticlassTask>('multiclass', {
  options: () => ({ classes: optional(classNames) }),
  label: ({ classes }) => ({ type: 'class', classes }),
  prediction: ({ classes = [] }) => ({ type: 'probabilities', names: classes }),
  loss: () => ({ kind: 'loss', name: 'cross-entropy', config: {} }),
  predict: (z, { softmax }) => softmax(z),
  logits: true,
  boosting: () => ({ objective: 'multiclass' }),
  start: ({ fitted }) => fitted?.shares.map(logOf),
  metrics: () => ['accuracy', 'logLoss'],
  description: 'one of several classes',
  package: '@polytask/core',
});
