import { defineFinding } from '@polytask/components';
import type { Verdict } from '@polytask/metrics';
import { counted, firstJoined, percent, present } from '../format.ts';
import { CONSTANT, inMetric, scored, taskNames } from './column-words.ts';
import { LEAST_SEEDS } from './comparisons.ts';
import { scoreDigits } from './difference-rows.ts';
import { isBetterThan } from './metric-entries.ts';
import type { Column } from './summary.ts';
import type { Pairs } from './table-kinds.ts';

// The answer of a comparison, as findings. "Better" and "worse" are significant; what could be chance is called so.

/** One model was run: there is nothing to compare it with. */
export const onlyModel = /* @__PURE__ */ defineFinding<'model'>('only-model', {
  severity: 'note',
  says: ({ model }) => `Only ${model} was run.`,
  remedy: 'Run another model to compare it with.',
});

/** The model that comes first in the table isn't the best: another one is better on average over the tasks. */
export const notRanked = /* @__PURE__ */ defineFinding<'model', { readonly better: string }>('not-ranked', {
  says: ({ model, better }) =>
    `The models can't be ranked: ${model} comes first, but ${better} is significantly better than ${model} on average over the tasks.`,
});

export interface NoModel extends Pairs {
  /** Whether there are seeds enough to decide anything. */
  readonly decided: boolean;
  /** The tasks on which no model is better than a constant prediction. */
  readonly useless: readonly string[];
  /** The tasks without a score in some trial. */
  readonly unscored: readonly string[];
}

/** No task has models to rank: they are no better than a constant prediction, or a score is missing. */
export const noModel = /* @__PURE__ */ defineFinding<never, NoModel>('no-model', {
  says({ decided, useless, unscored, noun }) {
    const isBetter = `is better than a ${CONSTANT} on ${firstJoined(useless)}`;
    const missing =
      unscored.length > 0
        ? `${firstJoined(unscored)} ${unscored.length === 1 ? 'has' : 'have'} no score in some trial`
        : useless.length === 0 && `no ${noun} has a trial of each model`;
    const because = present([useless.length > 0 && `no model ${isBetter}`, missing]).join('; ');
    if (missing) return `The models can't be ranked: ${because}.`;
    return decided
      ? `Take none of the models: none ${isBetter}.`
      : `Undecided: so far no model ${isBetter}, and a verdict takes at least ${LEAST_SEEDS} ${noun}s.`;
  },
});

export interface ModelToTake extends Pairs {
  readonly baseline: string;
  /** How many models were compared. */
  readonly models: number;
  readonly seeds: number;
  /** Whether there are seeds enough to decide anything. */
  readonly decided: boolean;
  /** The model that ranks first. */
  readonly first: string;
  /** The models that `first` and the baseline aren't better than, without the model itself, the best one first. */
  readonly alike: readonly string[];
  /** Whether all models that it was chosen from have more parameters, as far as these are known. */
  readonly smallest: boolean;
  readonly worse: readonly { readonly model: string; readonly than: string }[];
  /** The mean gain over the baseline. Missing if it isn't significant. */
  readonly gain?: number | undefined;
  /** The columns in which the baseline is better, those of the first metrics first. */
  readonly loses: readonly Column[];
  /** The tasks on which the model is no better than a constant prediction, and another model is. */
  readonly useless: readonly string[];
}

/** The model to take. */
export const modelToTake = /* @__PURE__ */ defineFinding<'model', ModelToTake>('model-to-take', {
  severity: 'note',
  says(take) {
    const { model, first, alike, smallest, worse, gain, baseline, loses, useless, seeds, noun, models } = take;
    const isFirst = model === first;
    const poor = useless.length > 0 && `But ${model} is no better than a ${CONSTANT} on ${firstJoined(useless)}.`;
    if (!take.decided) {
      const why = isFirst
        ? `it ranks first${smallest && models > 2 ? ', and no clearly smaller model comes close' : ''}`
        : `${smallest ? 'the smallest' : 'a smaller'} model that isn't visibly worse than ${first}, which ranks first`;
      const few = `Undecided: ${counted(seeds, noun)} can't separate the models from chance; a verdict takes at least ${LEAST_SEEDS}.`;
      return present([few, `For now take ${model}: ${why}.`, poor]).join(' ');
    }
    const betters = [...new Set(worse.map(({ than }) => than))];
    const areWorse = worse.length === 1 ? 'is worse' : 'are worse';
    const why = !isFirst
      ? `${first} ranks first, but the difference could be chance, and ${model} is ` +
        (smallest && alike.length > 1 ? `the smallest of ${alike.length + 1} such models` : 'smaller')
      : alike.length > 0
        ? `it ranks first, but the difference from ${firstJoined(alike)} could be chance`
        : betters.some((each) => each !== model)
          ? `it ranks first, and every other model is worse than ${betters.join(' or ')}`
          : `on average over the tasks it is better than ${models === 2 ? 'the other model' : 'every other model'}`;
    return present([
      `Take ${model}: ${why}.`,
      gain !== undefined && `Its gain over ${baseline} is ${percent(gain)}.`,
      alike.length > 0 &&
        worse.length > 0 &&
        `${firstJoined(worse.map((each) => each.model))} ${areWorse} than ${betters.join(' or ')}.`,
      loses.length > 0 && `But ${model} is worse than ${baseline} on ${firstJoined(loses.map(inMetric))}.`,
      poor,
    ]).join(' ');
  },
});

/** The scores of two models in a metric of a task. */
export interface ScorePair {
  readonly metric: string;
  readonly model: number;
  readonly other: number;
  /** Whether the model is significantly better than the other one. */
  readonly verdict: Verdict;
  /** The score of a constant prediction, if it is known. */
  readonly constant?: number | undefined;
}

export interface ScoresBeside {
  readonly other: string;
  readonly tasks: Readonly<Record<string, ScorePair>>;
  /** Whether the scores of the model are to be named, too. */
  readonly namesModel: boolean;
}

/** A model beside a saved teacher, or beside gradient boosting, task by task. */
export const scoresBeside = /* @__PURE__ */ defineFinding<'model', ScoresBeside>('scores-beside', {
  severity: 'note',
  says({ model, other, tasks, namesModel }) {
    const columns = Object.entries(tasks).map(([task, each]) => ({ task, ...each }));
    const scores = (of: 'model' | 'other') =>
      scored(columns, (each) => each[of].toFixed(scoreDigits(each.metric, [each.model, each.other])));
    const of = (is: Verdict) => columns.filter(({ verdict }) => verdict === is);
    const isUseful = ({ metric, other: score, constant }: ScorePair) => isBetterThan(metric, score, constant);
    const useful = taskNames(of('worse').filter(isUseful));
    const useless = taskNames(of('worse').filter((each) => !isUseful(each)));
    const [better, even] = [taskNames(of('better')), taskNames(of('no difference'))];
    return present([
      `${other} alone has ${scores('other')}${namesModel ? `; ${model} has ${scores('model')}` : ''}.`,
      useful && `Use ${other} for ${useful}: there it is significantly better.`,
      useless && `On ${useless}, ${other} is significantly better, but no better than a ${CONSTANT}.`,
      better && `${model} is significantly better than ${other} on ${better}.`,
      even &&
        `On ${columns.length > 1 && of('no difference').length === columns.length ? 'each task' : even}, the difference could be chance.`,
    ]).join(' ');
  },
});
