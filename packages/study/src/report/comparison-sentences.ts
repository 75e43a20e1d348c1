import { groupBy } from '@polytask/core';
import type { Verdict } from '@polytask/metrics';
import { capitalized, counted, firstJoined, formatCount, joined, NAMED, percent, present } from '../format.ts';
import { columnDigits } from './differences.ts';
import { CONSTANT } from './result-table.ts';
import { foldsOf, pairing } from '../results/folds.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { LEAST_SEEDS, mainColumns } from '../summary/comparisons.ts';
import { amount, metricFormat } from '../summary/metric-entries.ts';
import type { Column, Summary } from '../summary/summary.ts';
import { type ComparedScores, type ComparisonFinding, MOST_SEEDS } from './comparison-findings.ts';

/** How a reader changes the run, in the words of their program: the ends of sentences. */
export interface Words {
  readonly moreModels: string;
  readonly moreEpochs: string;
  readonly addBaseline: string;
  takeSeeds(seeds: number): string;
}

export const OPTIONS: Words = {
  moreModels: 'name more --models',
  moreEpochs: 'raise --epochs',
  addBaseline: 'add it to --models',
  takeSeeds: (seeds) => `pass --seeds ${seeds}`,
};

/** The sentences of a comparison's first screen. */
export interface ComparisonSentences {
  /** What to take, and why. */
  readonly answer: readonly string[];
  /** What would decide the rest, and what couldn't be seen. */
  readonly limits: readonly string[];
  /** Who is better on which task. */
  readonly tasks: readonly string[];
}

/** How many leading models have a sentence. */
const LEADERS = 2;

type Kind = ComparisonFinding['kind'];
type EvidenceOf<K extends Kind> = ComparisonFinding<K>['evidence'];

/**
 * The sentences of findings, in words for everybody. `better` and `worse` are significant; what could be chance is called so.
 *
 * @param summary the table that the findings are of
 */
export function comparisonSentences(
  findings: readonly ComparisonFinding[],
  summary: Summary,
  words: Words = OPTIONS,
): ComparisonSentences {
  const of = <K extends Kind>(kind: K) =>
    findings.flatMap((each) => (each.kind === kind ? [each.evidence as EvidenceOf<K>] : []));
  const { baseline, models, seeds, config } = summary;
  const { noun, isCorrected } = pairing(config);
  const onTasks = (columns: readonly Column[], says: string) => columns.length > 0 && `On ${taskNames(columns)}${says}`;
  const metricsIn = (columns: readonly Column[]) =>
    joined([...new Set(columns.map(({ metric }) => metricFormat(metric).label))]);
  const all = models.length === 2 ? models.find(({ model }) => model !== baseline)!.model : 'every other model';
  const isUndecided = seeds.length < LEAST_SEEDS;
  const isScoreless = of('unranked').some(({ useless }) => useless.length === 0);
  const enough = (needed: number) => words.takeSeeds(Math.ceil(needed / (foldsOf(config) ?? 1)));
  const seen = ({ task, metric, difference }: EvidenceOf<'needed' | 'equal'>) =>
    `${amount(difference, metric)} ${metricFormat(metric).label} on ${task}`;
  const neededSentence = (each: EvidenceOf<'needed'>) =>
    `If the true difference between ${joined(each.models)} is the one seen here (${seen(each)}), ` +
    `${each.seeds} ${noun}s would detect it: ${enough(each.seeds)}.`;
  const needed = of('needed').map(neededSentence);
  const even = of('even').filter(({ someWorse }) => !someWorse);
  const noneBetter = of('even').filter(({ someWorse }) => someWorse);
  const tested = [...of('better'), ...of('even'), ...of('all worse')];
  const constants = of('constant').map(
    ({ task, metric, value }) =>
      `${task} in ${metricFormat(metric).label} (${value.toFixed(columnDigits(summary, { task, metric }))})`,
  );
  const couldBeChance = `every difference from ${baseline} in ${metricsIn(even)} could be chance.`;
  const unfinished = of('unfinished').length;
  return {
    answer: [
      ...of('alone').map(({ model }) => `Only ${model} was run. To compare it, ${words.moreModels}.`),
      ...of('unranked').map(({ useless }) => {
        if (useless.length === 0) return 'No task has a score in every trial, so the models cannot be ranked.';
        const what = `is better than a ${CONSTANT} on ${firstJoined(useless)}`;
        return isUndecided ? `Undecided: so far no model ${what}.` : `Take none of the models: none ${what}.`;
      }),
      ...of('take').flatMap((take) => takeSentences(take, summary)),
      ...of('beside').flatMap((beside) => besideSentences(beside, summary, true)),
      ...(isUndecided ? needed : []),
      ...(isUndecided && models.length > 1 && needed.length === 0 && !isScoreless
        ? [`A verdict takes at least ${LEAST_SEEDS} ${noun}s: ${enough(LEAST_SEEDS)}.`]
        : []),
    ],
    limits: present([
      ...randomSplitSentences(of('random split'), summary),
      ...limitSentences(of('limit'), summary),
      ...(isUndecided ? [] : needed),
      ...of('equal').map((each) =>
        isCorrected
          ? `More ${noun}s would not separate ${joined(each.models)} (${seen(each)}), only more rows would: treat them as equal.`
          : `${joined(each.models)} are so close (${seen(each)}) that more than ${MOST_SEEDS} seeds would be needed: treat them as equal.`,
      ),
    ]),
    tasks: present([
      ...of('no baseline').map(() => `Nothing is compared with ${baseline}, which wasn't run: ${words.addBaseline}.`),
      ...leads(of('better'), baseline, models.length),
      onTasks(of('all worse'), `, ${baseline} is better than ${all}.`),
      even.length === tested.length && even.length > 1
        ? `On each task by itself, ${couldBeChance}`
        : onTasks(even, `, ${couldBeChance}`),
      onTasks(noneBetter, ` no model is better than ${baseline} in ${metricsIn(noneBetter)}.`),
      ...losses(of('worse'), of('better'), tested.length, baseline),
      onTasks(
        of('untested'),
        ` nothing could be tested: the metric is undefined, or the models share too few ${noun}s.`,
      ),
      ...[...groupBy(of('winner'), ({ model }) => model)].map(([model, own]) =>
        onTasks(own, `, ${model} is better than every other model.`),
      ),
      constants.length > 0 && `No model is better than a ${CONSTANT} on ${firstJoined(constants)}.`,
      unfinished > 0 &&
        `${unfinished === models.length ? 'All models' : `${unfinished} of ${models.length} models`} ` +
          `${unfinished === 1 && models.length > 1 ? 'was' : 'were'} still improving at the last epoch: ${words.moreEpochs}.`,
    ]),
  };
}

function takeSentences(take: EvidenceOf<'take'>, { baseline, models, seeds, config }: Summary): string[] {
  const { model, first, alike, smallest, worse, gain, loses, losesIn } = take;
  const isFirst = model === first;
  if (!take.decided) {
    const why = isFirst
      ? `it ranks first${models.length > 2 ? ', and no clearly smaller model comes close' : ''}`
      : `the smallest model that isn't visibly worse than ${first}, which ranks first`;
    return [
      `Undecided: ${counted(seeds.length, pairing(config).noun)} can't separate the models from chance.`,
      `For now take ${model}: ${why}.`,
    ];
  }
  const betters = [...new Set(worse.map(({ than }) => than))];
  const others = `${worse.length === 1 ? worse[0]!.model : 'every other model'} is worse than ${betters.join(' or ')}`;
  const why = isFirst
    ? alike.length > 0
      ? `it ranks first, but the difference from ${firstJoined(alike)} could be chance`
      : betters.some((each) => each !== model)
        ? `it ranks first, and ${others}`
        : `on average over the tasks it is better than ${models.length === 2 ? 'the other model' : 'every other model'}`
    : alike.includes(first)
      ? `${first} ranks first, but the difference could be chance, and ${model} is ` +
        (smallest && alike.length > 1 ? `the smallest of ${alike.length + 1} such models` : 'smaller')
      : 'no model is shown to be better';
  const further = losesIn.map(({ task, metric }) => `${task} in ${metricFormat(metric).label}`);
  const lost = firstJoined([...loses, ...further]);
  return present([
    `Take ${model}: ${why}.`,
    gain !== undefined && `Its gain over ${baseline} is ${percent(gain)}.`,
    alike.length > 0 && betters.length > 0 && `${worse.length === 1 ? others : capitalized(others)}.`,
    lost !== '' && `But ${model} is worse than ${baseline} on ${lost}.`,
  ]);
}

/**
 * The other model's scores, for which tasks to use it, where the model is better, and where the difference could be chance.
 *
 * @param hasOwn whether to say the scores of the model, too
 */
export function besideSentences({ model, other, tasks }: ComparedScores, summary: Summary, hasOwn = false): string[] {
  const columns = Object.entries(tasks).map(([task, each]) => ({ task, ...each }));
  const own = hasOwn ? `; ${model} has ${scoresText(columns, (column) => column.model, summary)}` : '';
  const tasksWith = (verdict: Verdict) => taskNames(columns.filter((column) => column.verdict === verdict));
  const [better, worse, even] = [tasksWith('better'), tasksWith('worse'), tasksWith('no difference')];
  return present([
    `${other} alone has ${scoresText(columns, (column) => column.other, summary)}${own}.`,
    worse && `Use ${other} for ${worse}: there it is significantly better.`,
    better && `${model} is significantly better than ${other} on ${better}.`,
    even && `On ${better + worse === '' && columns.length > 1 ? 'each task' : even}, the difference could be chance.`,
  ]);
}

/** What scores look like with a random split, so that nobody compares them. Results without one have no sentence. */
export const randomSplitSentences = (trials: readonly TrialResult[], summary: Summary): string[] =>
  trials.flatMap(({ model, seed, metrics, randomSplit }) => {
    if (!randomSplit) return [];
    const columns = mainColumns(summary.columns).filter(({ task, metric }) =>
      Number.isFinite(randomSplit.metrics[task]![metric]),
    );
    const text = (scores: TrialResult['metrics']) =>
      scoresText(columns, ({ task, metric }) => scores[task]![metric]!, summary);
    const which = summary.seeds.length > 1 ? ` (seed ${seed})` : '';
    return [
      `With a random split, ${model} would have ${text(randomSplit.metrics)}; ` +
        `with this split by ${randomSplit.by} it has ${text(metrics)}${which}. ` +
        "Don't compare these scores with scores of random splits.",
    ];
  });

/** Scores in words, those of a metric together: `AUC 0.89 on income, 0.87 on married and RMSE 3 on hours`. */
export const scoresText = <C extends Column>(
  columns: readonly C[],
  scoreOf: (column: C) => number,
  summary: Summary,
): string =>
  joined(
    [...groupBy(columns, ({ metric }) => metric)].flatMap(([metric, own]) =>
      own.map((column, i) => {
        const { task } = column;
        const score = scoreOf(column).toFixed(columnDigits(summary, { task, metric }));
        return `${i === 0 ? `${metricFormat(metric).label} ` : ''}${score} on ${task}`;
      }),
    ),
  );

function limitSentences(limits: readonly EvidenceOf<'limit'>[], { seeds, config }: Summary): string[] {
  const known = limits.filter(({ shown }) => shown > 0);
  const { test } = rowCountsOf(config.data);
  const rows = test === undefined ? '' : `${formatCount(test)} test rows and `;
  const wide = limits.filter(({ shown, sampled }) => sampled > (shown > 0 ? shown : 0));
  return present([
    known.length > 0 &&
      `With ${rows}${counted(seeds.length, pairing(config).noun)}, differences below about ` +
        `${byMetric(known, ({ shown }) => shown)} are too small to detect.`,
    wide.length > 0 &&
      test !== undefined &&
      `Another sample of ${formatCount(test)} test rows could move a score by ${byMetric(wide, ({ sampled }) => sampled)}.`,
  ]);
}

/** `.03 AUC`, `.01 to .03 AUC and 0.2 RMSE` */
function byMetric<T extends Column>(limits: readonly T[], valueOf: (limit: T) => number): string {
  return joined(
    [...groupBy(limits, ({ metric }) => metric)].map(([metric, own]) => {
      const values = own.map(valueOf);
      const ends = [Math.min(...values), Math.max(...values)].map(about);
      return `${[...new Set(ends)].join(' to ')} ${metricFormat(metric).label}`;
    }),
  );
}

/** A value with one significant digit: `.03`, `2,000`. */
function about(value: number): string {
  const rounded = Number(value.toPrecision(1));
  return rounded >= 1 ? formatCount(rounded) : rounded.toFixed(-Math.floor(Math.log10(rounded))).slice(1);
}

/** A sentence for each leading model. Models that lead on more tasks come first. */
function leads(all: readonly EvidenceOf<'better'>[], baseline: string, models: number): string[] {
  const groups = [...groupBy(all, ({ model }) => model)].sort(([, a], [, b]) => b.length - a.length);
  const further = groups.slice(LEADERS).flatMap(([, own]) => own);
  return [
    ...groups.slice(0, LEADERS).map(([model, own]) => {
      const wins = models > 2 ? own.filter(({ beatsAll }) => beatsAll) : [];
      const where = wins.length === own.length ? '' : ` on ${taskNames(wins)}`;
      const beatsAll = wins.length === 0 ? '' : `, and than every other model${where}`;
      return `On ${taskNames(own)}, ${model} is better than ${baseline} by ${amounts(own)}${beatsAll}.`;
    }),
    ...(further.length > 0 ? [`On ${taskNames(further)} other models are better than ${baseline}.`] : []),
  ];
}

/** The tasks on which the leaders are worse than the baseline. Without a leader, the models that are worse. */
function losses(
  worse: readonly EvidenceOf<'worse'>[],
  better: readonly EvidenceOf<'better'>[],
  tasks: number,
  baseline: string,
): string[] {
  const byModel = groupBy(worse, ({ model }) => model);
  const leaders = [...new Set(better.map(({ model }) => model))].slice(0, LEADERS);
  if (leaders.length > 0)
    return leaders.flatMap((model) => {
      const lost = byModel.get(model);
      return lost ? [`On ${taskNames(lost)}, ${model} is worse than ${baseline}.`] : [];
    });
  if (byModel.size === 0) return [];
  const where = tasks === 1 ? '' : ' on at least one task';
  return [`${firstJoined([...byModel.keys()])} ${byModel.size === 1 ? 'is' : 'are'} worse than ${baseline}${where}.`];
}

/** `.0022 AUC`, `.0022 and .0010 AUC`, `up to .0022 AUC`; of an error, `an RMSE that is lower by 0.3`. */
const amounts = (own: readonly EvidenceOf<'better'>[]): string =>
  joined(
    [...groupBy(own, ({ metric }) => metric)].map(([metric, rows]) => {
      const values = rows.map(({ by }) => by);
      const shown = values.map((value) => amount(value, metric));
      const list = rows.length > NAMED ? `up to ${amount(Math.max(...values), metric)}` : joined([...new Set(shown)]);
      const { label, direction } = metricFormat(metric);
      return direction === 'lower' ? `an ${label} that is lower by ${list}` : `${list} ${label}`;
    }),
  );

function taskNames(columns: readonly Column[]): string {
  const names = firstJoined(columns.map(({ task }) => task));
  return columns.length > NAMED ? `${names} ${columns.length === NAMED + 1 ? 'task' : 'tasks'}` : names;
}
