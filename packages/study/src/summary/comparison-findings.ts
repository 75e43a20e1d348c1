import type { Finding } from '@polytask/components';
import type { Verdict } from '@polytask/metrics';
import { BOOSTING, TEACHER } from '../models/models.ts';
import { pairing } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { modelToTake, noModel, notRanked, onlyModel, type ScorePair, scoresBeside } from './comparison-kinds.ts';
import { corrected, isAmong, LEAST_SEEDS, mainColumns, scoresAgainst, valueOf } from './comparisons.ts';
import { type Limit, limitFindings, limitsOf, neededFindings } from './limit-findings.ts';
import { metricFormat } from './metric-entries.ts';
import { beatsConstant } from './score-table.ts';
import { type Standing, standingsOf } from './standings.ts';
import type { Column, SummaryOfTrials } from './summary.ts';
import { randomSplitFindings, tableFindings, uselessColumns, uselessFindings } from './table-findings.ts';

/** A model is smaller than another if it has at most this share of its parameters. */
const SMALLER = 0.95;

/**
 * What a comparison shows: which model to take and why, who is better than the baseline on which task, which differences may go undetected,
 * and what would decide the rest.
 */
export function comparisonFindings(summary: SummaryOfTrials, trials: readonly TrialResult[]): Finding[] {
  const [{ model }, ...others] = summary.models as [Standing['summary'], ...Standing['summary'][]];
  const advice = others.length === 0 ? [onlyModel({ model }, {})] : adviceOf(summary, trials);
  const taken = advice.find(({ kind }) => kind === 'model-to-take')?.about.model;
  return [
    ...advice,
    ...(others.length === 0 ? [] : tableFindings(summary, taken)),
    ...randomSplitFindings(summary, trials),
  ];
}

function adviceOf(summary: SummaryOfTrials, trials: readonly TrialResult[]): Finding[] {
  const { seeds, models, columns, config, baseline } = summary;
  const { noun } = pairing(config);
  const decided = seeds.length >= LEAST_SEEDS;
  const main = mainColumns(columns);
  const useless = uselessColumns(summary);
  const standings = standingsOf(summary, trials);
  const [first] = standings as [Standing];
  const ahead = standings.find(({ beatsFirst }) => beatsFirst);
  if (ahead) return [notRanked({ model: nameOf(first) }, { better: nameOf(ahead) }), ...uselessFindings(summary)];
  if (Number.isNaN(first.rank)) {
    const unscored = main.filter((column) => trials.some((trial) => !Number.isFinite(valueOf(trial, column))));
    return [noModel({}, { decided, noun, useless: useless.map(taskOf), unscored: unscored.map(taskOf) })];
  }
  const limits = limitsOf(summary, trials);
  const open = standings.filter(({ beatenBy }) => beatenBy.length === 0);
  const near = open.filter((each) => each === first || isNear(each, first, limits));
  const take = smallestOf(near);
  const { model, gain } = take.summary;
  const others = (all: readonly Standing[]) => all.filter((each) => each !== take);
  const alike = others(open);
  const isLost = ({ task, metric }: Column) =>
    summary.comparisons[metric]?.models[model]?.tasks[task]?.verdict === 'worse';
  const isPoor = (column: Column) => !beatsConstant(summary, take.summary, column) && !isAmong(column, useless);
  return [
    modelToTake(
      { model },
      {
        ...{ models: models.length, seeds: seeds.length, noun, decided, baseline, first: nameOf(first) },
        alike: alike.map(nameOf),
        smallest: others(decided ? open : near).every((each) => sizeOf(take) < sizeOf(each) && sizeOf(each) < Infinity),
        worse: standings.flatMap((each) => each.beatenBy.slice(0, 1).map((than) => ({ model: nameOf(each), than }))),
        ...(gain?.verdict === 'better' && { gain: gain.mean.mean }),
        loses: [...main, ...columns.filter((column) => !isAmong(column, main))].filter(isLost),
        useless: main.filter(isPoor).map(taskOf),
      },
    ),
    ...[TEACHER, BOOSTING.name].flatMap((name) => besideFindings(name, take, standings, summary)),
    ...uselessFindings(summary),
    ...limitFindings(limits, summary),
    ...(alike.length === 0 ? [] : neededFindings(take, alike[0]!, summary)),
  ];
}

const taskOf = ({ task }: Column): string => task;
const nameOf = ({ summary: { model } }: Standing): string => model;

/** The scores of a model that is no network, or that others are distilled from, if it isn't the one to take, nor the baseline. */
function besideFindings(
  name: string,
  take: Standing,
  standings: readonly Standing[],
  summary: SummaryOfTrials,
): Finding[] {
  const { baseline, columns, constants } = summary;
  const other = standings.find((each) => nameOf(each) === name);
  if (!other || other === take || baseline === name) return [];
  const compared = mainColumns(columns).flatMap((column) => {
    const test = scoresAgainst(column, take.trials, other.trials);
    return test && Number.isFinite(test.mean) ? [{ ...test, ...column }] : [];
  });
  if (compared.length === 0) return [];
  const tasks = corrected(compared).map(({ verdict, task, metric }): [string, ScorePair] => {
    const scoreOf = (each: Standing) => each.summary.metrics[task]![metric]!.mean;
    const known = verdict === 'untested' ? undefined : knownVerdict({ task, metric }, take, other, summary);
    const constant = constants[task]?.[metric];
    return [task, { metric, model: scoreOf(take), other: scoreOf(other), verdict: known ?? verdict, constant }];
  });
  return [scoresBeside({ model: nameOf(take) }, { other: name, tasks: Object.fromEntries(tasks), namesModel: true })];
}

/** What another test of the table says of two models on a task: a document has one verdict. */
function knownVerdict(column: Column, take: Standing, other: Standing, summary: SummaryOfTrials): Verdict | undefined {
  const { baseline, columns, comparisons, winners } = summary;
  if (nameOf(take) === baseline) {
    const { verdict } = comparisons[column.metric]!.models[nameOf(other)]!.tasks[column.task]!;
    return verdict === 'better' ? 'worse' : verdict === 'worse' ? 'better' : verdict;
  }
  if (mainColumns(columns).length === 1)
    // the standings are of this task
    return other.beatenBy.length === 0 ? 'no difference' : other.beatenBy.includes(nameOf(take)) ? 'better' : undefined;
  const winner = winners.find((each) => isAmong(each, [column]))?.model;
  return winner === nameOf(take) ? 'better' : winner === nameOf(other) ? 'worse' : undefined;
}

/**
 * Whether a model is behind the first one by no more than five seeds could show, in the main metric of each task; for one seed, by no more
 * than another sample of test rows could move a score.
 */
function isNear(each: Standing, first: Standing, limits: readonly Limit[]): boolean {
  return limits.every(({ task, metric, enough, sampled }) => {
    const { mean = NaN } = scoresAgainst({ task, metric }, each.trials, first.trials) ?? {};
    const behind = metricFormat(metric).direction === 'higher' ? -mean : mean;
    const visible = Number.isNaN(enough) ? sampled : enough;
    return !(behind > (Number.isNaN(visible) ? 0 : visible));
  });
}

/** The smallest model, or the best one if no other is clearly smaller. */
const smallestOf = (models: readonly Standing[]): Standing =>
  models.reduce((least, each) => (sizeOf(least) < Infinity && sizeOf(each) <= SMALLER * sizeOf(least) ? each : least));

/** Infinity for a model that was trained elsewhere, whose size isn't known. */
const sizeOf = ({ summary: { parameters } }: Standing): number => (parameters > 0 ? parameters : Infinity);
