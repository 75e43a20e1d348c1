import type { Verdict } from '@polytask/metrics';
import type { ModelSummary, Summary } from '../summary/summary.ts';
import { formatPercent, joinedUpTo } from './format.ts';
import type { ResultTable } from './result-table.ts';

/** Several settings at a glance, before the details of each. */
export interface Overview {
  readonly sentences: readonly string[];
  /** Rows are models, columns settings, cells the mean gain over the baseline in percent. */
  readonly table: ResultTable;
  readonly notes: readonly string[];
}

/** Settings in a sentence; the others are counted. */
const NAMED = 3;

const SIGNS: Readonly<Record<Verdict, string>> = { better: ' ▲', worse: ' ▼', 'no difference': '  ', untested: '' };

/**
 * The overview of a run of several settings.
 *
 * @returns undefined for a single setting, or where no model can be compared with a baseline
 */
export function overviewOf(summaries: readonly Summary[]): Overview | undefined {
  const compared = summaries.filter(({ models }) => models.some(({ gain }) => gain));
  if (summaries.length < 2 || compared.length === 0) return undefined;
  const baselines = [...new Set(summaries.map(({ baseline }) => baseline))];
  const models = [...new Set(summaries.flatMap((summary) => summary.models.map(({ model }) => model)))];
  const shown = models.filter((model) => !baselines.includes(model));
  return {
    sentences: sentencesOf(compared),
    table: {
      columns: [
        { group: 'model', over: '', title: 'model' },
        ...summaries.map(({ setting }) => ({ group: setting, over: '', title: setting })),
      ],
      rows: shown.map((model) => [
        { text: model, winner: false },
        ...summaries.map((summary) => ({ text: cellOf(modelOf(summary, model)), winner: false })),
      ]),
    },
    notes: notesOf(summaries, baselines),
  };
}

const modelOf = ({ models }: Summary, name: string): ModelSummary | undefined =>
  models.find(({ model }) => model === name);

const cellOf = (model: ModelSummary | undefined): string =>
  model?.gain ? `${formatPercent(model.gain.mean)}${SIGNS[model.gain.verdict]}` : '';

function notesOf(summaries: readonly Summary[], baselines: readonly string[]): string[] {
  const seeds = Math.max(...summaries.map((summary) => summary.seeds.length));
  return [
    `Gain over ${baselines.join(', ')} in %: the relative improvement in the first metric of each task, mean over tasks${seeds > 1 ? ' and seeds ± half its 95% t interval' : ''}; better is positive.`,
    ...(seeds > 1
      ? ["▲ gain, ▼ loss beyond chance: paired t tests over seeds, 5%, Holm's correction for the models of a setting."]
      : []),
  ];
}

/** The best model of a setting, and whether its gain is beyond chance. */
interface Best {
  readonly setting: string;
  readonly model: string;
  readonly gain: number;
  readonly verdict: Verdict;
}

function sentencesOf(summaries: readonly Summary[]): string[] {
  const { baseline } = summaries[0]!;
  const sharing = baseline === 'single-task';
  const best = summaries.map((summary) => bestOf(summary, sharing));
  if (summaries.every(({ seeds }) => seeds.length < 2)) {
    const listed = joinedUpTo(
      best.map(({ setting, model, gain }) => `${percent(gain)} in ${setting} (${model})`),
      NAMED,
    );
    return [`One seed can't tell a gain from chance: pass --seeds 5. The largest gain over ${baseline} is ${listed}.`];
  }
  const controls = sharing ? summaries.flatMap(controlOf) : [];
  const controlled = ({ setting }: Best) => controls.some((control) => control.setting === setting);
  const ahead = best.filter(({ verdict }) => verdict === 'better').sort((a, b) => b.gain - a.gain);
  const better = ahead.filter((each) => !controlled(each));
  const undecided = ahead.filter(controlled);
  const worse = best.filter(({ verdict }) => verdict === 'worse').sort((a, b) => a.gain - b.gain);
  const even = best.filter(({ verdict }) => verdict !== 'better' && verdict !== 'worse');
  const of = (some: readonly Best[]) => `${some.length} of ${best.length} settings`;
  return [
    better.length === 0
      ? `${sharing ? 'Sharing helps' : `A model beats ${baseline}`} in no setting beyond chance.`
      : `${sharing ? 'Sharing helps' : `A model beats ${baseline}`} in ${of(better)} beyond chance: ${gains(better)}.`,
    ...(undecided.length > 0
      ? [
          `In ${settings(undecided)} ${joinedUpTo([...new Set(controls.filter((control) => undecided.some(({ setting }) => setting === control.setting)).map(({ model }) => model))], NAMED)}, without sharing, gains beyond chance too: the gain there need not be of sharing.`,
        ]
      : []),
    ...(even.length > 0 && even.length < best.length
      ? [
          `In ${settings(even)} no model${sharing && controls.length > 0 ? ' that shares' : ''} gains over ${baseline} beyond chance.`,
        ]
      : []),
    ...(worse.length > 0
      ? [
          `In ${settings(worse)} every model${sharing && controls.length > 0 ? ' that shares' : ''} loses beyond chance: the best one, ${worse[0]!.model}, has ${percent(worse[0]!.gain)}${worse.length > 1 ? ` in ${worse[0]!.setting}` : ''}.`,
        ]
      : []),
  ];
}

/** `adatt gains 2.1% in correlation 1, mmoe 0.8% in correlation 0.75 and 1 more` */
const gains = (better: readonly Best[]): string =>
  joinedUpTo(
    better.map(({ model, gain, setting }, i) => `${model} ${i === 0 ? 'gains ' : ''}${percent(gain)} in ${setting}`),
    NAMED,
  );

const settings = (some: readonly Best[]): string =>
  joinedUpTo(
    some.map(({ setting }) => setting),
    NAMED,
  );

/** Rows such as `single-task, narrow` are controls: what they gain is not gained by sharing. */
const sharesNothing = ({ model }: { readonly model: string }): boolean =>
  /^(single-task|logistic-regression)(,|$)/.test(model);

/** Models with a gain or a loss. */
const gainsOf = ({ setting, models }: Summary): Best[] =>
  models.flatMap(({ model, gain }) => (gain ? [{ setting, model, gain: gain.mean.mean, verdict: gain.verdict }] : []));

/** A model without sharing that gains beyond chance, if there is one. */
const controlOf = (summary: Summary): Best[] =>
  gainsOf(summary)
    .filter((each) => sharesNothing(each) && each.verdict === 'better')
    .slice(0, 1);

/**
 * The model with the largest gain, one that is beyond chance before any other.
 *
 * @param sharing whether only models that share count, where there are any
 */
function bestOf(summary: Summary, sharing: boolean): Best {
  const all = gainsOf(summary);
  const shared = all.filter((each) => !sharesNothing(each));
  const gains = sharing && shared.length > 0 ? shared : all;
  const rank = ({ verdict }: Best) => (verdict === 'better' ? 1 : 0);
  return gains.reduce((a, b) => ((rank(b) - rank(a) || b.gain - a.gain) > 0 ? b : a));
}

const percent = (gain: number): string => {
  const value = 100 * gain;
  return `${value.toFixed(Math.abs(value) < 0.095 ? 2 : 1)}%`;
};
