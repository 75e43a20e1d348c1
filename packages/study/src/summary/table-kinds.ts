import { defineFinding } from '@polytask/components';
import { counted, firstJoined, joined, present } from '../format.ts';
import {
  amounts,
  byMetric,
  CONSTANT,
  type DifferenceOn,
  inMetric,
  metricsIn,
  scored,
  taskNames,
} from './column-words.ts';
import { scoreDigits } from './difference-rows.ts';
import { amount, metricFormat } from './metric-entries.ts';
import type { Column } from './summary.ts';

// What the tables of a comparison show, and what they can't, as findings. "Better" and "worse" are significant.

/** What pairs the trials of a table: `seed` or `fold`. */
export interface Pairs {
  readonly noun: string;
}

interface Against {
  readonly baseline: string;
}

interface OnTasks<C extends Column = Column> {
  readonly tasks: readonly C[];
}

/** Two models, and how far apart they are on the task of the finding. */
export interface Apart extends Pairs {
  readonly models: readonly [string, string];
  readonly metric: string;
  readonly difference: number;
}

/** `adatt and ple (.0002 AUC on income)` */
const pairOf = ({ models, metric, difference }: Apart, task: string | undefined): string =>
  `${joined(models)} (${amount(difference, metric)} ${metricFormat(metric).label} on ${task})`;

/** With how many seeds the closest models would probably differ significantly, if their difference is the one seen. */
export const seedsNeeded = /* @__PURE__ */ defineFinding<
  'task',
  Apart & { readonly needed: number; readonly seeds: number }
>('seeds-needed', {
  severity: 'note',
  says(seen) {
    const { task, needed, noun, seeds } = seen;
    const pairs = `${counted(needed, noun)}${needed === seeds ? '' : ` (${counted(seeds, 'seed')})`}`;
    return `If the difference seen between ${pairOf(seen, task)} is the true one, ${pairs} would detect it with a probability of 80%.`;
  },
});

/** Two models whose difference would take more seeds than anybody runs. */
export const tooClose = /* @__PURE__ */ defineFinding<
  'task',
  Apart & { readonly more: number; readonly isCorrected: boolean }
>('too-close', {
  severity: 'note',
  says(seen) {
    const { task, more, noun, isCorrected } = seen;
    return isCorrected
      ? `More ${noun}s would not separate ${pairOf(seen, task)}; more rows might.`
      : `More than ${more} ${noun}s would be needed to separate ${pairOf(seen, task)}.`;
  },
});

/** The smallest difference from the baseline that the seeds probably show. */
export const detectableDifferences = /* @__PURE__ */ defineFinding<
  never,
  OnTasks<DifferenceOn> & Pairs & { readonly seeds: number; readonly rows?: number | undefined }
>('detectable-differences', {
  severity: 'note',
  says: ({ tasks, seeds, noun, rows }) =>
    `With ${rows === undefined ? '' : `${counted(rows, 'test row')} and `}${counted(seeds, noun)}, ` +
    `differences below about ${byMetric(tasks)} may go undetected.`,
});

/** By how much another sample of test rows could move a score: half of its 95% interval. */
export const samplingErrors = /* @__PURE__ */ defineFinding<
  never,
  OnTasks<DifferenceOn> & Pairs & { readonly rows: number; readonly isOfEach: boolean }
>('sampling-errors', {
  severity: 'note',
  says: ({ tasks, rows, noun, isOfEach }) =>
    `Another sample of ${counted(rows, 'test row')} could move ${isOfEach ? `the score of one ${noun}` : 'a score'} by ${byMetric(tasks)}.`,
});

/** What scores look like with a random split, so that nobody compares them. */
export const randomSplitScores = /* @__PURE__ */ defineFinding<
  'model',
  OnTasks<Column & Readonly<Record<'random' | 'own', number>>> & {
    /** Missing in a table of one seed. */
    readonly seed?: number | undefined;
    readonly by: string;
  }
>('random-split-scores', {
  severity: 'note',
  says({ model, seed, by, tasks }) {
    const scores = (of: 'random' | 'own') =>
      scored(tasks, (each) => each[of].toFixed(scoreDigits(each.metric, [each.random, each.own])));
    return (
      `With a random split, ${model} would have ${scores('random')}; ` +
      `with this split by ${by} it has ${scores('own')}${seed === undefined ? '' : ` (seed ${seed})`}. ` +
      "Don't compare these scores with scores of random splits."
    );
  },
});

/** The baseline wasn't run. */
export const noBaseline = /* @__PURE__ */ defineFinding<never, Against>('no-baseline', {
  says: ({ baseline }) => `Nothing is compared with ${baseline}, which wasn't run.`,
  remedy: 'Run it, too.',
});

/** The tasks on which a model has the largest significant lead over the baseline; and those on which it is worse, unless it is the one to take. */
export const betterThanBaseline = /* @__PURE__ */ defineFinding<
  'model',
  OnTasks<DifferenceOn & { readonly beatsAll: boolean }> &
    Against & { readonly models: number; readonly worse: readonly Column[] }
>('better-than-baseline', {
  severity: 'note',
  says({ model, baseline, models, tasks, worse }) {
    const wins = models > 2 ? tasks.filter(({ beatsAll }) => beatsAll) : [];
    const where = wins.length === tasks.length ? '' : ` on ${taskNames(wins)}`;
    const beatsAll = wins.length === 0 ? '' : `, and than every other model${where}`;
    return present([
      `On ${taskNames(tasks)}, ${model} is better than ${baseline} by ${amounts(tasks)}${beatsAll}.`,
      worse.length > 0 && `On ${taskNames(worse)}, ${model} is worse than ${baseline}.`,
    ]).join(' ');
  },
});

/** The models that are worse than the baseline on a task, where none is better on any. */
export const worseThanBaseline = /* @__PURE__ */ defineFinding<
  never,
  Against & { readonly models: readonly string[]; readonly isOneTask: boolean }
>('worse-than-baseline', {
  severity: 'note',
  says: ({ models, baseline, isOneTask }) =>
    `${firstJoined(models)} ${models.length === 1 ? 'is' : 'are'} worse than ${baseline}${isOneTask ? '' : ' on at least one task'}.`,
});

/** The tasks on which each model is worse than the baseline. @param other the only other model, if there is one */
export const baselineIsBest = /* @__PURE__ */ defineFinding<
  never,
  OnTasks & Against & { readonly other?: string | undefined }
>('baseline-is-best', {
  severity: 'note',
  says: ({ tasks, baseline, other = 'every other model' }) =>
    `On ${taskNames(tasks)}, ${baseline} is better than ${other}.`,
});

/** The tasks on which no model is better or worse than the baseline. */
export const couldBeChance = /* @__PURE__ */ defineFinding<never, OnTasks & Against & { readonly isEach: boolean }>(
  'could-be-chance',
  {
    severity: 'note',
    says: ({ tasks, baseline, isEach }) =>
      `On ${isEach ? 'each task by itself' : taskNames(tasks)}, every difference from ${baseline} in ${metricsIn(tasks)} could be chance.`,
  },
);

/** The tasks on which no model is better than the baseline, and some are worse. */
export const noneBetter = /* @__PURE__ */ defineFinding<never, OnTasks & Against>('none-better', {
  severity: 'note',
  says: ({ tasks, baseline }) => `On ${taskNames(tasks)}, no model is better than ${baseline} in ${metricsIn(tasks)}.`,
});

/** The tasks that couldn't be tested, although there are seeds enough. */
export const untested = /* @__PURE__ */ defineFinding<never, OnTasks & Pairs>('untested', {
  says: ({ tasks, noun }) =>
    `On ${taskNames(tasks)}, nothing could be tested: the metric is undefined, or the models share too few ${noun}s.`,
});

/** Without the baseline: the tasks on which a model is better than each other one. */
export const bestOnTasks = /* @__PURE__ */ defineFinding<'model', OnTasks>('best-on-tasks', {
  severity: 'note',
  says: ({ model, tasks }) => `On ${taskNames(tasks)}, ${model} is better than every other model.`,
});

/** The tasks on which no model is better than a constant prediction. */
export const uselessTasks = /* @__PURE__ */ defineFinding<never, OnTasks<Column & { readonly constant: number }>>(
  'useless-tasks',
  {
    says: ({ tasks }) =>
      `No model is better than a ${CONSTANT} on ${firstJoined(
        tasks.map((each) => `${inMetric(each)} (${each.constant.toFixed(scoreDigits(each.metric, [each.constant]))})`),
      )}.`,
  },
);

/** The models that were still improving at the last epoch. */
export const unfinished = /* @__PURE__ */ defineFinding<
  never,
  { readonly models: readonly string[]; readonly of: number }
>('unfinished', {
  says: ({ models, of }) =>
    `${models.length === of && of > 1 ? 'All models' : firstJoined(models)} ` +
    `${models.length === 1 ? 'was' : 'were'} still improving at the last epoch.`,
  remedy: 'Train for more epochs.',
});
