import { defineFinding, type Finding } from '@polytask/components';
import { counted, firstJoined, percent } from '../format.ts';
import { BASELINE } from '../models/models.ts';
import { pairing } from '../results/folds.ts';
import { LEAST_SEEDS } from './comparisons.ts';
import type { Summary } from './summary.ts';
import type { Pairs } from './table-kinds.ts';

// What the settings of a run show together, as findings. "Gains", "better" and "worse" are significant, but where nothing is decided.

/** A model's mean gain over the baseline in a setting. */
interface Gain {
  readonly setting: string;
  readonly model: string;
  readonly gain: number;
}

interface Gains {
  readonly gains: readonly Gain[];
}

interface OverBaseline {
  readonly baseline: string;
  /** Whether gains are those of sharing: only models that share are counted, and the baseline shares nothing. */
  readonly isOfSharing: boolean;
}

interface Worse extends Gains {
  /** Whether other models don't share. */
  readonly areSharing: boolean;
}

const settings = (gains: readonly Gain[]): string => firstJoined(gains.map(({ setting }) => setting));
const modelNames = (gains: readonly Gain[]): string => firstJoined([...new Set(gains.map(({ model }) => model))]);
const thatShares = (areSharing: boolean): string => (areSharing ? ' that shares' : '');

/** The gain of the best model in each setting, where there are too few seeds to decide anything. */
const undecided = /* @__PURE__ */ defineFinding<
  never,
  Gains & Pairs & { readonly baseline: string; readonly seeds: number }
>('undecided-gains', {
  severity: 'note',
  says: ({ gains, baseline, seeds, noun }) =>
    `Undecided: ${counted(seeds, noun)} can't separate a gain from chance; a verdict takes at least ${LEAST_SEEDS}. So far, the best ` +
    `model's gain over ${baseline} is ${firstJoined(gains.map(({ setting, model, gain }) => `${percent(gain)} in ${setting} (${model})`))}.`,
});

/** The settings in which a model gains, the largest gain first. */
const gainsIn = /* @__PURE__ */ defineFinding<never, Gains & OverBaseline & { readonly of: number }>(
  'gains-in-settings',
  {
    severity: 'note',
    says({ gains, of, isOfSharing, baseline }) {
      if (gains.length === 0)
        return isOfSharing
          ? 'Sharing helps significantly in no setting.'
          : `No model is significantly better than ${baseline} in any setting.`;
      const named = gains.map(
        ({ model, gain, setting }, i) => `${model} ${i === 0 ? 'gains ' : ''}${percent(gain)} in ${setting}`,
      );
      const helps = isOfSharing ? 'Sharing helps' : `A model beats ${baseline}`;
      return `${helps} significantly in ${gains.length} of ${of} settings: ${firstJoined(named)}.`;
    },
  },
);

const gainWithoutSharing = /* @__PURE__ */ defineFinding<never, Gains>('gain-without-sharing', {
  severity: 'note',
  says: ({ gains }) =>
    `In ${settings(gains)} ${modelNames(gains)}, without sharing, gains significantly too: the gain there need not come from sharing.`,
});

const gainByCoupling = /* @__PURE__ */ defineFinding<never, Gains>('gain-by-coupling', {
  severity: 'note',
  says: ({ gains }) =>
    `In ${settings(gains)} ${modelNames(gains)} gains significantly by coupling the outputs, without shared layers.`,
});

const noGainIn = /* @__PURE__ */ defineFinding<never, Worse & { readonly baseline: string }>('no-gain-in-settings', {
  severity: 'note',
  says: ({ gains, baseline, areSharing }) =>
    `In ${settings(gains)} no model${thatShares(areSharing)} gains significantly over ${baseline}.`,
});

/** The settings in which every model is worse, each with its best model, the largest loss first. */
const worseIn = /* @__PURE__ */ defineFinding<never, Worse>('worse-in-settings', {
  severity: 'note',
  says: ({ gains, areSharing }) =>
    `In ${settings(gains)} every model${thatShares(areSharing)} is significantly worse: the best one, ${gains[0]!.model}, ` +
    `has ${percent(gains[0]!.gain)}${gains.length > 1 ? ` in ${gains[0]!.setting}` : ''}.`,
});

/** Where a model gains over the baseline, and where none does. Empty where no model can be compared with a baseline. */
export function overviewFindings(all: readonly Summary[]): Finding[] {
  const summaries = all.filter(({ models }) => models.some(({ gain }) => gain));
  if (all.length < 2 || summaries.length === 0) return [];
  const { baseline, config } = summaries[0]!;
  const compared = summaries.flatMap(gainsOf);
  const isOfSharing = baseline === BASELINE && compared.some(({ sharesLayers }) => sharesLayers);
  const areSharing = isOfSharing && compared.some(({ sharesLayers }) => !sharesLayers);
  const best = summaries.flatMap((summary) => bestOf(summary, isOfSharing));
  const seeds = Math.max(...summaries.map((each) => each.seeds.length));
  if (seeds < LEAST_SEEDS)
    return [undecided({}, { baseline, seeds, noun: pairing(config).noun, gains: best.sort(byGain).map(gainOf) })];
  const apart = (couples: boolean) => (isOfSharing ? summaries.flatMap((each) => apartOf(each, couples)) : []);
  const [controls, coupled] = [apart(false), apart(true)];
  const isIn = (gains: readonly ModelGain[]) => (each: ModelGain) =>
    gains.some(({ setting }) => setting === each.setting);
  const ahead = best.filter(({ verdict }) => verdict === 'better').sort(byGain);
  const better = ahead.filter((each) => !isIn(controls)(each));
  const worse = best.filter(({ verdict }) => verdict === 'worse').sort((a, b) => a.gain - b.gain);
  const even = best.filter(({ verdict }) => verdict !== 'better' && verdict !== 'worse');
  const on = (found: readonly ModelGain[], kind: (gains: readonly Gain[]) => Finding) =>
    found.length > 0 ? [kind(found.map(gainOf))] : [];
  return [
    gainsIn({}, { baseline, isOfSharing, of: best.length, gains: better.map(gainOf) }),
    ...on(controls.filter(isIn(ahead)), (gains) => gainWithoutSharing({}, { gains })),
    ...on(coupled, (gains) => gainByCoupling({}, { gains })),
    ...on(even.length < best.length ? even : [], (gains) => noGainIn({}, { baseline, areSharing, gains })),
    ...on(worse, (gains) => worseIn({}, { areSharing, gains })),
  ];
}

const byGain = (a: ModelGain, b: ModelGain): number => b.gain - a.gain;

const gainOf = ({ setting, model, gain }: ModelGain): Gain => ({ setting, model, gain });

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
