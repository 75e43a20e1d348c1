import { fail, shown } from '../errors/errors.ts';
import { checkLoss } from '../losses/loss-of.ts';
import { flag, listOf, number, oneOf, optional, text } from '../specs/checks.ts';
import { checkOptions, type Check, type Options } from '../specs/options.ts';
import type { BinaryTask, MulticlassTask, RegressionTask, Task, Tasks } from './tasks.ts';

type OptionsOf<T extends Task> = Options<Omit<T, 'kind' | 'fitted'>>;

const notNegative = () => optional(number('a number of 0 or more', (value) => value >= 0));

const positive: Check = (value, where) => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > 0 && values.every((each) => typeof each === 'string' || Number.isFinite(each))) return;
  fail({
    expected: `a text, a number, or a list of them for ${where}`,
    received: shown(value),
    mend: "Write the value as the column has it: positive: 'yes'.",
  });
};

const className: Check = (value, where) => {
  if (typeof value === 'string') return;
  fail({ expected: `a text for ${where}`, received: shown(value), mend: "Write classes as texts: ['1', '2']." });
};

const common = (kind: Task['kind']) => ({
  from: optional(text),
  weightFrom: optional(text),
  weight: notNegative(),
  loss: optional((value, where) => checkLoss(kind, value, where)),
});

const binary = (): OptionsOf<BinaryTask> => ({
  ...common('binary'),
  positive: optional(positive),
  above: optional(number('a number', () => true)),
  positiveWeight: notNegative(),
});

const multiclass = (): OptionsOf<MulticlassTask> => ({ ...common('multiclass'), classes: optional(listOf(className)) });

const regression = (): OptionsOf<RegressionTask> => ({
  ...common('regression'),
  scale: optional(oneOf('standard', 'none')),
  log: optional(flag),
});

/**
 * A check for each option of each kind of task. Declared tasks and the tasks of data set files both pass these checks.
 *
 * They are functions, so that a page that only predicts leaves them out.
 *
 * @example checkOptions({ postive: 'yes' }, taskOptions.binary(), 'binary') // Did you mean "positive"?
 */
export const taskOptions = { binary, multiclass, regression } as const;

/**
 * Checks the options and fitted values of tasks that are written as objects, without {@link taskOptions | the functions} that check
 * them. The kinds must be known.
 *
 * @throws PolytaskError when an option is unknown for the kind, with the known ones, or has a value that doesn't fit
 * @example checkTaskOptions({ click: { kind: 'binary', loss: 'focal' } }) // Expected an option of the binary task "click", …
 */
export function checkTaskOptions(tasks: Tasks): void {
  for (const [name, task] of Object.entries(tasks)) {
    const { kind, fitted: _, ...options } = task;
    checkOptions(options, taskOptions[kind]() as Options<object>, `the ${kind} task "${name}"`);
    checkFitted(name, task);
    if (kind === 'binary' && task.loss !== undefined && task.positiveWeight !== undefined) {
      fail({
        expected: `positiveWeight or a loss for the binary task "${name}"`,
        received: 'both',
        mend: `Give the weight to the loss: binaryCrossEntropy({ positiveWeight: ${task.positiveWeight} }).`,
      });
    }
  }
}

/** Checks the fitted values of a task, which a schema that is written by hand may have wrong. */
function checkFitted(name: string, task: Task): void {
  const mend = 'Take the schema from a fit: train.schema, or fitSchema(table).';
  if (task.kind === 'regression' && task.fitted) {
    const { mean, deviation } = task.fitted;
    if (Number.isFinite(mean) && Number.isFinite(deviation) && deviation > 0) return;
    const received = `mean ${String(mean)} and deviation ${String(deviation)}`;
    fail({ expected: `a finite mean and a deviation above 0 of the labels of task "${name}"`, received, mend });
  }
  if (task.kind === 'multiclass' && task.fitted && task.fitted.shares.length !== task.classes?.length) {
    const received = String(task.fitted.shares.length);
    fail({
      expected: `a share for each of the ${task.classes?.length ?? 0} classes of task "${name}"`,
      received,
      mend,
    });
  }
}
