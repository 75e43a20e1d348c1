import { groupBy } from '@polytask/core';
import { beatsConstant } from '../summary/score-table.ts';
import { amount, metricFormat, selectionMeasure } from '../summary/metric-entries.ts';
import { isAmong, mainColumns } from '../summary/comparisons.ts';
import type { Column, Summary } from '../summary/summary.ts';
import { pairing } from '../results/folds.ts';
import { columnDigits, type DifferenceRow, differenceRows } from './differences.ts';
import { counted, joined, joinedUpTo, present } from '../format.ts';

/** How a reader changes the run, in the words of their program. */
export interface Words {
  /** A sentence for a run of one model. */
  readonly moreModels: string;
  /** A sentence for a run of one seed. */
  readonly moreSeeds: string;
  /** The end of a sentence, after a colon. */
  readonly moreEpochs: string;
  /** The end of a sentence, after a colon. */
  readonly addBaseline: string;
  /** The end of a sentence, after a colon. */
  takeSeeds(seeds: number): string;
}

/** The words of the command line. */
export const OPTIONS: Words = {
  moreModels: 'Pass more --models.',
  moreSeeds: 'Pass --seeds 5.',
  moreEpochs: 'raise --epochs',
  addBaseline: 'add it to --models',
  takeSeeds: (seeds) => `pass --seeds ${seeds}`,
};

/** How many names a sentence has. It counts the others. */
const NAMED = 3;
/** How many leading models have a sentence. */
const LEADERS = 2;

/**
 * Says in a few sentences which model is better than the baseline on which tasks, by how much, and where no difference is beyond chance.
 * Each task counts by its first metric.
 *
 * @param advice default: the words of the command line
 * @returns sentences
 * @example
 * verdict(summary); // ['On income, adatt leads single-task by .0022 AUC, more than chance (5 seeds, paired t tests, …).', …]
 */
export function verdict(summary: Summary, advice: Words = OPTIONS): string[] {
  const { models } = summary;
  if (models.length === 1)
    return [`Only ${models[0]!.model} was run, so there is nothing to compare it with. ${advice.moreModels}`];
  return [...answerOf(summary, advice), ...constantSentence(summary), ...caution(summary, advice)];
}

function answerOf(summary: Summary, advice: Words): string[] {
  const { models, seeds, baseline, config } = summary;
  const { noun, tests } = pairing(config);
  if (seeds.length === 1) return oneSeed(summary, advice);
  if (!models.some(({ model }) => model === baseline)) return withoutBaseline(summary, advice);
  const tasks = tasksOf(summary);
  const tested = tasks.filter(({ rows }) => rows.some((row) => row.verdict !== 'untested'));
  const untested = tasks.filter((task) => !tested.includes(task));
  const ledTasks = tested.filter(({ leader }) => leader !== undefined);
  const lostTasks = tested.filter(({ rows }) => rows.every((row) => row.verdict === 'worse'));
  const even = tested.filter((task) => task.leader === undefined && !lostTasks.includes(task));
  const method = `(${counted(seeds.length, noun)}, ${tests}, Holm over ${familiesOf(summary)})`;
  const others = tested.filter((task) => !lostTasks.includes(task));
  const sentences = present([
    ...leads(ledTasks, summary),
    lostTasks.length > 0 &&
      `On ${taskNames(lostTasks)}, ${baseline} is better than ${othersOf(summary, baseline)}, beyond chance.`,
    even.length > 0 &&
      (even.length === tasks.length
        ? `No model is better than ${baseline} beyond chance on any single task.`
        : `On ${taskNames(even)} no model is better than ${baseline} beyond chance.`),
    ...losses(others, ledTasks, baseline),
    untested.length > 0 &&
      `On ${taskNames(untested)} nothing could be tested: the metric isn't defined, or too few ${noun}s are shared.`,
  ]);
  const [first = '', ...further] = sentences;
  return tested.length > 0 ? [first.replace(/(?<=more than chance)|(?=\.$)/, ` ${method}`), ...further] : sentences;
}

/** The families of the tests that the sentences speak of: `12 comparisons in AUC and 6 in RMSE`. */
function familiesOf({ columns, comparisons }: Summary): string {
  const metrics = [...new Set(mainColumns(columns).map(({ metric }) => metric))];
  return joined(
    metrics.map((metric, i) => {
      const family = comparisons[metric]?.family ?? 0;
      return `${i === 0 ? counted(family, 'comparison') : family} in ${metricFormat(metric).label}`;
    }),
  );
}

/** The tasks that no model predicts better than a constant does, in their first metric. */
function constantSentence(summary: Summary): string[] {
  const lost = mainColumns(summary.columns).filter((column) =>
    summary.models.every((model) => !beatsConstant(summary, model, column)),
  );
  if (lost.length === 0) return [];
  const values = lost.map(({ task, metric }) => {
    const digits = columnDigits(summary, { task, metric });
    return `${task} in ${metricFormat(metric).label} (${summary.constants[task]![metric]!.toFixed(digits)})`;
  });
  return [`No model is better than a constant on ${joinedUpTo(values, NAMED)}.`];
}

/** The advice for models that were still improving: their order may change. */
function caution({ warnings, models }: Summary, { moreEpochs }: Words): string[] {
  const short = models.filter(({ model }) =>
    warnings.some(({ guard, task, model: of }) => guard === 'still improving' && task === undefined && of === model),
  );
  if (short.length === 0) return [];
  const who = short.length === models.length ? 'All models' : `${short.length} of ${models.length} models`;
  const was = short.length === 1 && models.length > 1 ? 'was' : 'were';
  return [`${who} ${was} still improving at the last epoch: ${moreEpochs}.`];
}

/** A task with the differences of its models from the baseline. */
interface ComparedTask {
  readonly column: Column;
  readonly rows: readonly DifferenceRow[];
  /** The model with the largest lead over the baseline, beyond chance. Undefined without one. */
  readonly leader: DifferenceRow | undefined;
}

function tasksOf(summary: Summary): ComparedTask[] {
  const all = differenceRows(summary);
  return mainColumns(summary.columns).map((column) => {
    const rows = all.filter(({ task, metric }) => task === column.task && metric === column.metric);
    const better = rows.filter((row) => row.verdict === 'better');
    const [leader] = better.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
    return { column, rows, leader };
  });
}

/** The words for all models but one. */
const othersOf = ({ models }: Summary, model: string): string =>
  models.length === 2 ? models.find((each) => each.model !== model)!.model : 'every other model';

/** A sentence for each leading model. Models that lead on more tasks come first. */
function leads(led: readonly ComparedTask[], summary: Summary): string[] {
  const { baseline, models, winners } = summary;
  const winnersOf = (name: string) => winners.filter(({ model }) => model === name);
  const names = [...new Set(led.map(({ leader }) => leader!.model))];
  const groups = names
    .map((model) => ({ model, own: led.filter(({ leader }) => leader!.model === model) }))
    .sort((a, b) => b.own.length - a.own.length);
  const otherTasks = groups.slice(LEADERS).flatMap(({ own }) => own);
  return [
    ...groups.slice(0, LEADERS).map(({ model, own }) => {
      const wins = models.length > 2 ? own.filter(({ column }) => isAmong(column, winnersOf(model))) : [];
      const where = wins.length === own.length ? '' : ` on ${taskNames(wins)}`;
      const beatsAll = wins.length === 0 ? '' : `; it beats every other model${where}, too`;
      return `On ${taskNames(own)}, ${model} leads ${baseline} by ${amounts(own)}, more than chance${beatsAll}.`;
    }),
    ...(otherTasks.length > 0 ? [`On ${taskNames(otherTasks)} other models lead ${baseline} beyond chance.`] : []),
  ];
}

/** The tasks on which the leaders are worse than the baseline. Without a leader, the models that are worse. */
function losses(tested: readonly ComparedTask[], led: readonly ComparedTask[], baseline: string): string[] {
  const leaders = [...new Set(led.map(({ leader }) => leader!.model))];
  const isWorse = ({ rows }: ComparedTask, model: string) =>
    rows.some((row) => row.model === model && row.verdict === 'worse');
  if (leaders.length > 0) {
    return leaders.slice(0, LEADERS).flatMap((model) => {
      const own = tested.filter((task) => isWorse(task, model));
      return own.length === 0 ? [] : [`On ${taskNames(own)}, ${model} is worse than ${baseline} beyond chance.`];
    });
  }
  const models = [...new Set(tested.flatMap(({ rows }) => rows.map(({ model }) => model)))];
  const worse = models.filter((model) => tested.some((task) => isWorse(task, model)));
  if (worse.length === 0) return [];
  const verb = worse.length === 1 ? 'is' : 'are';
  return [`${joinedUpTo(worse, NAMED)} ${verb} worse than ${baseline} beyond chance on at least one task.`];
}

/** `.0022 AUC`, `.0022 and .0010 AUC`, `up to .0022 AUC`; of an error, `RMSE lower by 0.3`. */
function amounts(own: readonly ComparedTask[]): string {
  return joined(
    [...groupBy(own, ({ column }) => column.metric)].map(([metric, rows]) => {
      const values = rows.map(({ leader }) => Math.abs(leader!.difference));
      const shown = values.map((value) => amount(value, metric));
      const list = rows.length > NAMED ? `up to ${amount(Math.max(...values), metric)}` : joined([...new Set(shown)]);
      const { label, direction } = metricFormat(metric);
      return direction === 'lower' ? `an ${label} that is lower by ${list}` : `${list} ${label}`;
    }),
  );
}

const taskNames = (tasks: readonly ComparedTask[]): string => {
  const names = tasks.map(({ column }) => column.task);
  const noun = names.length === NAMED + 1 ? 'task' : 'tasks';
  return `${joinedUpTo(names, NAMED)}${names.length > NAMED ? ` ${noun}` : ''}`;
};

/** The sentences for one seed: the models' order on the validation rows. */
function oneSeed({ models, config }: Summary, { moreSeeds }: Words): string[] {
  const { mean, digits, direction } = selectionMeasure(config.training.selection);
  const ranked = models
    .filter(({ validation }) => Number.isFinite(validation.mean))
    .sort((a, b) => (direction === 'higher' ? -1 : 1) * (a.validation.mean - b.validation.mean))
    .map(({ model, validation }) => `${model} (${validation.mean.toFixed(digits)})`);
  return present([
    "One seed can't tell a difference from chance.",
    ranked.length > 1 &&
      `The best validation score, ${mean}, is that of ${ranked[0]}, before ${joinedUpTo(ranked.slice(1), NAMED)}.`,
    moreSeeds,
  ]);
}

/** The sentences for a run without the baseline: the winners of columns. */
function withoutBaseline(
  { baseline, winners, columns, models, seeds, config }: Summary,
  { addBaseline }: Words,
): string[] {
  const mainWinners = winners.filter((winner) => isAmong(winner, mainColumns(columns)));
  const first = `The models are compared with ${baseline}, which was not run: ${addBaseline}.`;
  if (models.length === 0 || mainWinners.length === 0)
    return [first, 'No model is better than each other one beyond chance.'];
  const names = [...new Set(mainWinners.map(({ model }) => model))];
  return [
    first,
    ...names.map((model) => {
      const tasks = mainWinners.filter((winner) => winner.model === model).map(({ task }) => task);
      const method = `(${counted(seeds.length, pairing(config).noun)}, ${pairing(config).tests})`;
      return `On ${joinedUpTo(tasks, NAMED)}, ${model} is better than each other model beyond chance ${method}.`;
    }),
  ];
}
