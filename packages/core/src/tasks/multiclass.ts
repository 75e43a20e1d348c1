import { custom, fail, listOf, optional, string, type FromDescription } from '@polytask/components';
import { logOf } from './binary.ts';
import { declareTask, registerTask, type TaskOptions, type TaskWith } from './task-kind.ts';

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

const options = {
  /** The classes in the order of the logits. Without them, the classes of the training rows. */
  classes: optional(classNames),
};

/**
 * A task of several classes: one logit per class. The prediction is the probabilities of the
 * classes, row-major [rows × classes]. A fit finds the share of each class.
 */
export interface MulticlassTask extends TaskWith<typeof options>, FromDescription {
  readonly kind: 'multiclass';
}

/**
 * Declares a task of several classes.
 *
 * @throws PolytaskError as {@link binary} does
 * @example multiclass({ classes: ['low', 'middle', 'high'] })
 */
export const multiclass = (given?: TaskOptions<typeof options>): MulticlassTask => declareTask('multiclass', given);

registerTask(
  'multiclass',
  ({ classes }) => ({
    label: { type: 'class', classes },
    prediction: { type: 'probabilities', names: classes ?? [] },
    loss: () => ({ kind: 'loss', name: 'cross-entropy', config: {} }),
    predict: (z, { softmax }) => softmax(z),
    logits: true,
    boosting: { objective: 'multiclass' },
    start: ({ shares }) => shares.map(logOf),
    metrics: ['accuracy', 'logLoss'],
  }),
  { options, description: 'one of several classes', package: '@polytask/core' },
);
