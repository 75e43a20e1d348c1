import { pairing } from '../results/folds.ts';
import { BASELINE } from '../models/models.ts';
import { LEAST_SEEDS } from '../summary/comparisons.ts';
import type { Summary } from '../summary/summary.ts';
import { signedCell } from './differences.ts';
import { counted, firstJoined, formatPercent, percent, present } from '../format.ts';
import { type Cell, tableOf } from './blocks.ts';

/** Sums up a run of several settings; undefined where no model can be compared with a baseline. */
export function overviewOf(summaries: readonly Summary[]) {
  const compared = summaries.filter(({ models }) => models.some(({ gain }) => gain));
  if (compared.length === 0) return undefined;
  const baselines = [...new Set(summaries.map(({ baseline }) => baseline))];
  const models = [...new Set(summaries.flatMap((summary) => summary.models.map(({ model }) => model)))];
  const others = models.filter((model) => !baselines.includes(model));
  return {
    sentences: sentencesOf(compared),
    table: tableOf(others, [
      { title: 'model', cell: (model) => model },
      ...summaries.map((summary) => ({ title: summary.setting, cell: (model: string) => cellOf(summary, model) })),
    ]),
    notes: notesOf(summaries, baselines),
  };
}

function cellOf({ models }: Summary, name: string): Cell | undefined {
  const gain = models.find(({ model }) => model === name)?.gain;
  return gain && signedCell(formatPercent(gain.mean), gain.verdict);
}

function notesOf(summaries: readonly Summary[], baselines: readonly string[]): string[] {
  const seeds = Math.max(...summaries.map((each) => each.seeds.length));
  const { noun } = pairing(summaries[0]!.config);
  return present([
    `Gain over ${baselines.join(', ')} in %: the relative improvement in the first metric of each task, ` +
      `mean over tasks${seeds > 1 ? ` and ${noun}s ± half its 95% interval` : ''}; better is positive.`,
    seeds >= LEAST_SEEDS && '▲ significant gain, ▼ significant loss.',
  ]);
}

function sentencesOf(summaries: readonly Summary[]): string[] {
  const { baseline } = summaries[0]!;
  const compared = summaries.flatMap(gainsOf);
  const sharing =
    baseline === BASELINE && // which shares nothing: a gain over it is one of sharing
    compared.some(({ sharesLayers }) => sharesLayers);
  const best = summaries.flatMap((summary) => bestOf(summary, sharing));
  if (summaries.every(({ seeds }) => seeds.length < LEAST_SEEDS)) {
    const listed = firstJoined(best.map(({ setting, model, gain }) => `${percent(gain)} in ${setting} (${model})`));
    const seeds = counted(Math.max(...summaries.map((each) => each.seeds.length)), pairing(summaries[0]!.config).noun);
    return [
      `Undecided: ${seeds} can't separate a gain from chance; a verdict takes at least ${LEAST_SEEDS}. ` +
        `The largest gain over ${baseline} is ${listed}.`,
    ];
  }
  const apart = (couples: boolean) => (sharing ? summaries.flatMap((each) => apartOf(each, couples)) : []);
  const [controls, coupled] = [apart(false), apart(true)];
  const hasControl = ({ setting }: ModelGain) => controls.some((control) => control.setting === setting);
  const ahead = best.filter(({ verdict }) => verdict === 'better').sort((a, b) => b.gain - a.gain);
  const better = ahead.filter((each) => !hasControl(each));
  const undecided = ahead.filter(hasControl);
  const worse = best.filter(({ verdict }) => verdict === 'worse').sort((a, b) => a.gain - b.gain);
  const even = best.filter(({ verdict }) => verdict !== 'better' && verdict !== 'worse');
  const named = controls.filter((control) => undecided.some(({ setting }) => setting === control.setting));
  const helps = sharing ? 'Sharing helps' : `A model beats ${baseline}`;
  const thatShares = sharing && compared.some(({ sharesLayers }) => !sharesLayers) ? ' that shares' : '';
  return present([
    better.length === 0
      ? `${sharing ? 'Sharing helps significantly' : `No model is significantly better than ${baseline}`} in ${sharing ? 'no' : 'any'} setting.`
      : `${helps} significantly in ${better.length} of ${best.length} settings: ${gains(better)}.`,
    undecided.length > 0 &&
      `In ${settings(undecided)} ${modelNames(named)}, without sharing, ` +
        'gains significantly too: the gain there need not come from sharing.',
    coupled.length > 0 &&
      `In ${settings(coupled)} ${modelNames(coupled)} gains significantly by coupling the outputs, without shared layers.`,
    even.length > 0 &&
      even.length < best.length &&
      `In ${settings(even)} no model${thatShares} gains significantly over ${baseline}.`,
    worse.length > 0 &&
      `In ${settings(worse)} every model${thatShares} is significantly worse: the best one, ${worse[0]!.model}, ` +
        `has ${percent(worse[0]!.gain)}${worse.length > 1 ? ` in ${worse[0]!.setting}` : ''}.`,
  ]);
}

/** `adatt gains 2.1% in correlation 1, mmoe 0.8% in correlation 0.75 and 1 more` */
const gains = (better: readonly ModelGain[]): string =>
  firstJoined(
    better.map(({ model, gain, setting }, i) => `${model} ${i === 0 ? 'gains ' : ''}${percent(gain)} in ${setting}`),
  );

const settings = (gains: readonly ModelGain[]): string => firstJoined(gains.map(({ setting }) => setting));
const modelNames = (gains: readonly ModelGain[]): string => firstJoined([...new Set(gains.map(({ model }) => model))]);

/** Each model's gain in a setting. A model that shares nothing, such as `single-task, narrow`, is a control. */
const gainsOf = ({ setting, models }: Summary) =>
  models.flatMap(({ model, gain, sharesLayers, couplesOutputs = false }) =>
    gain ? [{ setting, model, sharesLayers, couplesOutputs, gain: gain.mean.mean, verdict: gain.verdict }] : [],
  );

type ModelGain = ReturnType<typeof gainsOf>[number];

/** The first model without sharing that gains significantly, or none. @param couplesOutputs whether its outputs are coupled */
function apartOf(summary: Summary, couplesOutputs: boolean): ModelGain[] {
  const apart = gainsOf(summary).filter((each) => each.sharesLayers === false && each.verdict === 'better');
  return apart.filter((each) => each.couplesOutputs === couplesOutputs).slice(0, 1);
}

/** The model with the largest gain, or none. A significant gain goes before any other. @param sharing to count only models that share */
function bestOf(summary: Summary, sharing: boolean): ModelGain[] {
  const all = gainsOf(summary);
  const gains = sharing ? all.filter(({ sharesLayers }) => sharesLayers) : all;
  const rank = ({ verdict }: ModelGain) => (verdict === 'better' ? 1 : 0);
  return [...gains].sort((a, b) => rank(b) - rank(a) || b.gain - a.gain).slice(0, 1);
}
