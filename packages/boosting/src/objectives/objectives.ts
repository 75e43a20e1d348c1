import {
  custom,
  either,
  fail,
  listOf,
  number,
  oneOf,
  optional,
  positive,
  shaped,
  shown,
  wholeNumber,
  type Read,
  type RowLoss,
} from '@polytask/components';
import { absoluteError, gammaDeviance, huberLoss, pinballLoss, tweedieDeviance } from '@polytask/components/arithmetic';
import { binary, poisson, regression } from './closed-forms.ts';
import { multiclass } from './multiclass.ts';
import { logOfMean, type Labeled, type Objective } from './objective.ts';
import { objectiveOfLoss, type LossObjective } from './of-loss.ts';

const [ALPHA, POWER] = [0.9, 1.5];

const NAMES = [
  ...(['binary', 'multiclass', 'regression', 'mae', 'huber', 'quantile'] as const),
  ...(['poisson', 'gamma', 'tweedie'] as const),
];

/** The name of a loss, as in LightGBM. */
export type ObjectiveName = (typeof NAMES)[number];

export const objectiveParameters = {
  /** The share of labels below a prediction of `quantile`, in (0, 1). The error from which on `huber` is linear. Default: 0.9. */
  alpha: optional(positive),
  /** How the variance of `tweedie` grows with the mean: variance = φ meanᵖ. Between 1 (Poisson) and 2 (gamma). Default: 1.5. */
  tweedieVariancePower: optional(number({ above: 1, below: 2 })),
};

const rowLoss = custom<RowLoss>((value, where) => {
  if (typeof value === 'function') return;
  fail({
    expected: `a function (z, y, math) for ${where}`,
    received: shown(value),
    fix: 'Pass the loss of a row: (z, y, { square, sub }) => square(sub(z, y)).',
  });
});

export const lossObjective = shaped({
  loss: rowLoss,
  outputs: optional(wholeNumber(1), 1),
  start: optional(listOf(number(), 1)),
});

export const objectiveOptions = {
  /**
   * The loss: its name, or a function of the scores and the label of a row. `mae` is LightGBM's `regression_l1`. `poisson`, `gamma` and `tweedie` have
   * scores that are logarithms of means.
   */
  objective: either(oneOf(...NAMES), lossObjective),
  /** The number of classes of `multiclass`. Without it, one more than the largest label. */
  numClass: optional(wholeNumber(2)),
  ...objectiveParameters,
};

export type ObjectiveOptions = Read<typeof objectiveOptions>;

/** The objectives that have a parameter. */
const OWN = { numClass: ['multiclass'], alpha: ['huber', 'quantile'], tweedieVariancePower: ['tweedie'] } as const;

/** The objective of a model as it is saved: `custom` for a loss that the caller passes. */
export const savedObjective = { objective: oneOf(...NAMES, 'custom'), ...objectiveParameters };

export type SavedObjective = Read<typeof savedObjective>;

export function savedFrom(given: ObjectiveOptions): SavedObjective {
  const objective = typeof given.objective === 'string' ? given.objective : 'custom';
  for (const [option, objectives] of Object.entries(OWN))
    if (given[option as keyof typeof OWN] !== undefined && !(objectives as readonly string[]).includes(objective))
      fail({
        expected: `${option} with the objective ${objectives.map((each) => `"${each}"`).join(' or ')} only`,
        received: `"${objective}"`,
        fix: `Leave ${option} out.`,
      });
  const { alpha = ALPHA, tweedieVariancePower = POWER } = given;
  if (objective === 'huber') return { objective, alpha };
  if (objective === 'tweedie') return { objective, tweedieVariancePower };
  if (objective !== 'quantile') return { objective };
  if (alpha < 1) return { objective, alpha };
  return fail({
    expected: 'a share in (0, 1) for alpha of "quantile"',
    received: String(alpha),
    fix: 'For a median, pass 0.5.',
  });
}

/** @example objectiveInWords({ objective: 'huber', alpha: 0.9 }) // '"huber" (alpha 0.9)' */
export const objectiveInWords = ({ objective, ...parameters }: SavedObjective): string =>
  [`"${objective}"`, ...Object.entries(parameters).map(([name, value]) => `(${name} ${value})`)].join(' ');

const ofMean = { isExact: true, isLog: true, start: logOfMean };

const OBJECTIVES: Readonly<Record<ObjectiveName, (parameters: SavedObjective) => Objective>> = {
  binary: () => binary,
  multiclass: () => multiclass,
  regression: () => regression,
  mae: () => objectiveOfLoss({ loss: absoluteError }),
  huber: ({ alpha = ALPHA }) => objectiveOfLoss({ loss: huberLoss(alpha) }),
  quantile: ({ alpha = ALPHA }) => objectiveOfLoss({ loss: pinballLoss(alpha) }),
  poisson: () => poisson,
  gamma: () =>
    objectiveOfLoss(
      { loss: gammaDeviance },
      { ...ofMean, takes: 'a number above 0', fits: (label) => label > 0 && label < Infinity },
    ),
  tweedie: ({ tweedieVariancePower = POWER }) =>
    objectiveOfLoss(
      { loss: tweedieDeviance(tweedieVariancePower) },
      { ...ofMean, takes: poisson.takes, fits: poisson.fits },
    ),
};

/** @param given the loss of a model whose objective is `custom` @throws PolytaskError without it */
export function objectiveOf(saved: SavedObjective, given?: string | LossObjective): Objective {
  if (saved.objective !== 'custom') return OBJECTIVES[saved.objective](saved);
  if (typeof given === 'object') return objectiveOfLoss(given);
  return fail({
    expected: 'the loss of a model that was trained for one of its own',
    received: 'none',
    fix: 'Pass it: objective: { loss }.',
  });
}

/** Logarithms of 1e-15 and its inverse, and what 32 bits make of them, are farther from 0 than this. */
const NEVER = 34;

/**
 * The start of a model that is trained on with further rows. It stays, but where the earlier rows had no label of a class, or that class only, or
 * counts of 0 only: no tree leads away from there, as the second derivatives are 0. These scores start as for a new model.
 */
export function furtherStart(objective: Objective, start: readonly number[], rows: Labeled): readonly number[] {
  if (!objective.isLog || start.every((score) => Math.abs(score) < NEVER)) return start;
  const fresh = objective.start(rows, start.length);
  return start.map((score, k) => (Math.abs(score) < NEVER ? score : fresh[k]!));
}
