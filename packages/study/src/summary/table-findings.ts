import { type Finding, groupBy } from '@polytask/components';
import { pairing, pairOf } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { isAmong, LEAST_SEEDS, mainColumns } from './comparisons.ts';
import { type DifferenceRow, differenceRows } from './difference-rows.ts';
import { beatsConstant } from './score-table.ts';
import type { Column, SummaryOfTrials } from './summary.ts';
import * as kinds from './table-kinds.ts';

/**
 * Who is better or worse than the baseline on which task, each in its main metric, and which models were still improving.
 *
 * @param taken the model to take: its finding has the tasks on which it is worse
 */
export function tableFindings(summary: SummaryOfTrials, taken?: string): Finding[] {
  const { baseline, columns, models, seeds, warnings, winners } = summary;
  const main = mainColumns(columns);
  const isRun = models.some(({ model }) => model === baseline);
  const isUnfinished = (name: string) =>
    warnings.some(
      ({ kind, about: { task, model } }) => kind === 'still-improving' && task === undefined && model === name,
    );
  const unfinished = models.map(({ model }) => model).filter(isUnfinished);
  const best = groupBy(
    winners.filter((each) => isAmong(each, main)),
    ({ model }) => model,
  );
  return [
    ...(isRun ? [] : [kinds.noBaseline({}, { baseline })]),
    ...(seeds.length < LEAST_SEEDS
      ? []
      : isRun
        ? againstBaseline(summary, main, taken)
        : [...best].map(([model, own]) => kinds.bestOnTasks({ model }, { tasks: own.map(columnOf) }))),
    ...(unfinished.length > 0 ? [kinds.unfinished({}, { models: unfinished, of: models.length })] : []),
  ];
}

const columnOf = ({ task, metric }: Column): Column => ({ task, metric });

/** The main columns in which no model is better than a constant prediction. */
export const uselessColumns = (summary: SummaryOfTrials): Column[] =>
  mainColumns(summary.columns).filter((column) =>
    summary.models.every((model) => !beatsConstant(summary, model, column)),
  );

export function uselessFindings(summary: SummaryOfTrials): Finding[] {
  const constantOf = ({ task, metric }: Column) => summary.constants[task]![metric]!;
  const tasks = uselessColumns(summary).map((column) => ({ ...column, constant: constantOf(column) }));
  return tasks.length === 0 ? [] : [kinds.uselessTasks({}, { tasks })];
}

function againstBaseline(summary: SummaryOfTrials, main: readonly Column[], taken?: string): Finding[] {
  const { baseline, models, winners } = summary;
  const rows = differenceRows(summary);
  const tests = main.map((column) => {
    const own = rows.filter((row) => isAmong(row, [column]));
    const of = (verdict: DifferenceRow['verdict']) => own.filter((row) => row.verdict === verdict);
    const [leader] = of('better').sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
    const isTested = of('untested').length < own.length;
    return { column, leader, worse: of('worse').map(({ model }) => model), isTested, count: own.length };
  });
  const tested = tests.filter(({ isTested }) => isTested);
  const columnsOf = (own: typeof tests) => own.map(({ column }) => column);
  const allWorse = columnsOf(tested.filter(({ worse }) => worse.length === models.length - 1));
  const unled = tested.filter(({ leader, column }) => !leader && !isAmong(column, allWorse));
  const [someWorse, even] = [true, false].map((is) => columnsOf(unled.filter(({ worse }) => worse.length > 0 === is)));
  const led = groupBy(
    tested.filter(({ leader }) => leader),
    ({ leader }) => leader!.model,
  );
  const leaders = [...led].sort(([, a], [, b]) => b.length - a.length);
  const losers = [...new Set(tested.flatMap(({ worse }) => worse))];
  const untested = columnsOf(tests.filter(({ isTested }) => !isTested));
  const on = (tasks: readonly Column[], kind: (tasks: readonly Column[]) => Finding) =>
    tasks.length > 0 ? [kind(tasks)] : [];
  const isEach = even!.length === tested.length && even!.length > 1;
  const other = models.length === 2 ? losers[0] : undefined;
  const winnersOf = (name: string) => winners.filter(({ model }) => model === name);
  return [
    ...leaders.map(([model, own]) =>
      kinds.betterThanBaseline(
        { model },
        {
          ...{ baseline, models: models.length },
          tasks: own.map(({ column, leader }) => ({
            ...{ ...column, difference: Math.abs(leader!.difference) },
            beatsAll: main.length > 1 && isAmong(column, winnersOf(model)), // of one task the answer says it
          })),
          worse: columnsOf(tested.filter(({ worse }) => model !== taken && worse.includes(model))).filter(
            (column) => !isAmong(column, allWorse), // the baseline is the best there
          ),
        },
      ),
    ),
    ...on(allWorse, (tasks) => kinds.baselineIsBest({}, { tasks, baseline, ...(other !== undefined && { other }) })),
    ...on(even!, (tasks) => kinds.couldBeChance({}, { tasks, baseline, isEach })),
    ...on(someWorse!, (tasks) => kinds.noneBetter({}, { tasks, baseline })),
    ...(leaders.length === 0 && losers.length > 0
      ? [kinds.worseThanBaseline({}, { baseline, models: losers, isOneTask: tested.length === 1 })]
      : []),
    ...on(untested, (tasks) => kinds.untested({}, { tasks, noun: pairing(summary.config).noun })),
  ];
}

/** The scores of gradient boosting for rows that aren't split at random, with what a random split would have promised. */
export const randomSplitFindings = ({ columns, seeds }: SummaryOfTrials, trials: readonly TrialResult[]): Finding[] =>
  trials.flatMap((trial) => {
    const { model, metrics, randomSplit } = trial;
    if (!randomSplit) return [];
    const tasks = mainColumns(columns).flatMap(({ task, metric }) => {
      const [random, own] = [randomSplit.metrics[task]?.[metric] ?? NaN, metrics[task]![metric]!];
      return Number.isFinite(random) ? [{ task, metric, random, own }] : [];
    });
    return [
      kinds.randomSplitScores(
        { model },
        { tasks, by: randomSplit.by, ...(seeds.length > 1 && { seed: pairOf(trial) }) },
      ),
    ];
  });
