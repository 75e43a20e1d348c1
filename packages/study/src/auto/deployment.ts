import { defineFinding, type Finding } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { type ComparedModel, compareTested, type TaskDifference, type TestedComparison } from './run-auto.ts';
import { digitsToShow, formatNumber, joined, present } from '../format.ts';
import { metricFormat } from '../summary/metric-entries.ts';

/** The models of a retraining, as reports name them. */
const RETRAINED = { old: 'the old model', continued: 'the continued model', new: 'a new model' } as const;

type Choice = keyof typeof RETRAINED;

/**
 * The models of a retraining on the same later rows, which none of them was trained on: the continued model against the old one, and with a
 * model that was trained from scratch on the new rows, that model against the old one and against the continued one.
 */
export type RetrainedComparisons = readonly [TestedComparison, ...TestedComparison[]];

/** The predictions of the models of a retraining, by task. */
type Retrained = Readonly<Record<'old' | 'continued', ComparedModel['predictions']>> & {
  /** If a model was trained from scratch. */
  readonly new?: ComparedModel['predictions'] | undefined;
};

interface Seen {
  readonly choice: Choice;
  /** The tasks on which the chosen model is significantly better than the old one. */
  readonly better: readonly string[];
  /** Tasks that the old model doesn't have. */
  readonly tasks: readonly string[];
  /** Whether each difference from the old model could be chance. */
  readonly areEven: boolean;
  readonly isNewTrained: boolean;
  /** Where the chosen model is significantly worse than the old one on the old rows. Undefined if none are given, or the old model stays. */
  readonly worseOnOldRows?: Readonly<Record<string, TaskDifference>> | undefined;
  readonly folder: string | undefined;
}

/** What else is known about a retraining. */
interface Retraining {
  /** Further tasks, which the old model doesn't have: it is then no choice. */
  readonly added?: readonly string[];
  /** Predictions of rows of the earlier period: the answer says where the chosen model is worse on them. */
  readonly before?: Retrained | undefined;
  /** Where the new model is written if it is the one to deploy. Undefined if nothing is written. */
  readonly folder?: string | undefined;
}

const deploy = /* @__PURE__ */ defineFinding<never, Seen>('deploy', {
  severity: 'note',
  says({ choice, better, tasks, areEven, isNewTrained, worseOnOldRows, folder }) {
    const others = `${isNewTrained ? 'neither ' : ''}${RETRAINED.continued}${isNewTrained ? ` nor ${RETRAINED.new}` : ''}`;
    if (choice === 'old')
      return areEven
        ? `Keep ${RETRAINED.old}: the differences could be chance.`
        : `Keep ${RETRAINED.old}: ${others} is ${isNewTrained ? '' : 'not '}significantly better on one task without being worse on another.`;
    const than = `on the new rows, it is significantly better than ${RETRAINED.old} on ${joined(better)}, and significantly worse on no task`;
    const why = tasks.length > 0 ? `${RETRAINED.old} doesn't have ${joined(tasks)}` : than;
    const where = folder !== undefined ? ` It is in ${folder}, beside the files of the continued model.` : '';
    return `Deploy ${RETRAINED[choice]}: ${why}.${worseOnOldRows ? onOldRows(worseOnOldRows) : ''}${where}`;
  },
});

/** `On the old rows, it is significantly worse on hours (RMSE 41.6 instead of 23.0): keep the old model for such rows.` */
function onOldRows(worse: Readonly<Record<string, TaskDifference>>): string {
  const amounts = Object.entries(worse).map(([task, { metric, model, other, low, high }]) => {
    const { label, digits } = metricFormat(metric);
    const [is, was] = [model, other].map((value) => formatNumber(value, digitsToShow(high - low, digits)));
    return `${task} (${label} ${is} instead of ${was})`;
  });
  const where = amounts.length === 0 ? 'no task' : `${joined(amounts)}: keep ${RETRAINED.old} for such rows`;
  return ` On the old rows, it is significantly worse on ${where}.`;
}

const tasksWith = ({ tasks }: TestedComparison, verdict: string): string[] =>
  Object.entries(tasks).flatMap(([task, each]) => (each.verdict === verdict ? [task] : []));

const isBetter = (each: TestedComparison | undefined): boolean =>
  each !== undefined && tasksWith(each, 'better').length > 0 && tasksWith(each, 'worse').length === 0;

/**
 * Compares the models of a retraining on the same later rows, and says which one to deploy: the old one unless another is significantly better
 * on a task and significantly worse on none, and the continued model unless the new one is better than it in this sense.
 *
 * @param models their predictions of the later rows
 * @example deployment(tasks, { old, continued }).deploy.message; // Keep the old model: the differences could be chance.
 */
export function deployment(
  tasks: Tasks,
  models: Retrained,
  { added = [], before, folder }: Retraining = {},
): { readonly comparisons: RetrainedComparisons; readonly deploy: Finding } {
  const pair = (is: Choice, was: Choice, of = models) => {
    const [own, other] = [is, was].map((each) => ({ trial: { model: RETRAINED[each] }, predictions: of[each]! }));
    const labeled = Object.entries(tasks).filter(([name]) => own!.predictions[name]!.labels.length > 0);
    return compareTested(Object.fromEntries(labeled), own!, other!);
  };
  const continued = pair('continued', 'old');
  const [fresh, freshAndContinued] = models.new ? [pair('new', 'old'), pair('new', 'continued')] : [];
  const againstOld = present([continued, fresh]);
  const mayContinue = added.length > 0 || isBetter(continued);
  const mayAnew = fresh !== undefined && (added.length > 0 || isBetter(fresh));
  const choice = mayAnew && (!mayContinue || isBetter(freshAndContinued)) ? 'new' : mayContinue ? 'continued' : 'old';
  const onOld = choice === 'old' || !before ? {} : pair(choice, 'old', before).tasks;
  const evidence = {
    choice,
    better: choice === 'old' ? [] : tasksWith(choice === 'new' ? fresh! : continued, 'better'),
    tasks: added,
    areEven: againstOld.every((each) => Object.values(each.tasks).every(({ verdict }) => verdict === 'no difference')),
    isNewTrained: fresh !== undefined,
    worseOnOldRows:
      Object.keys(onOld).length === 0
        ? undefined
        : Object.fromEntries(Object.entries(onOld).filter(([, { verdict }]) => verdict === 'worse')),
    folder: choice === 'new' ? folder : undefined,
  } as const;
  return { comparisons: [continued, ...present([fresh, freshAndContinued])], deploy: deploy({}, evidence) };
}
