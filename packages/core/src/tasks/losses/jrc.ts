import { number, optional } from '@polytask/components';
import { defineGroupLoss } from './group-loss.ts';

export interface JrcConfig {
  /** The weight α of the log loss, in [0, 1]; the loss within groups has 1 − α. Default 0.5. */
  readonly alpha?: number;
}

/**
 * The joint loss of ranking and calibration (Sheng et al., KDD 2023): the mean over rows of α times the log loss of the label, plus
 * 1 − α times −log sᵢ. A row's share in its group is sᵢ = e^f(xᵢ)[yᵢ] / Σⱼ e^f(xⱼ)[yᵢ], over the rows j of the group. So an order is
 * learned, and predictions stay probabilities. A row counts in its group as often as its sample weight says.
 *
 * The paper's network has two logits, f(x)[0] and f(x)[1]: `multiclass({ classes: ['no', 'yes'] })` has these. A binary task has
 * one, z, and takes −z/2 and z/2. The rows need groups.
 *
 * @throws PolytaskError when `alpha` isn't in [0, 1]
 * @example binary({ loss: jrc({ alpha: 0.8 }) })
 */
export const jrc = /* @__PURE__ */ defineGroupLoss<JrcConfig>(
  'jrc',
  ({ alpha = 0.5 }, outputs) =>
    (z, y, w, { add, at, chosen, logLoss, logShare, logSoftmax, mul, neg, stack }) => {
      const byClass = outputs === 1 ? [mul(z, -0.5), mul(z, 0.5)] : Array.from({ length: outputs }, (_, c) => at(z, c));
      const ranking = neg(chosen(stack(byClass.map((logits) => logShare(logits, w))), y));
      const calibration = outputs === 1 ? logLoss(z, y) : neg(chosen(logSoftmax(z), y));
      return { loss: mul(w, add(mul(calibration, alpha), mul(ranking, 1 - alpha))), weight: w };
    },
  {
    tasks: ['binary', 'multiclass'],
    options: () => ({ alpha: optional(number('a share in [0, 1]', (value) => value >= 0 && value <= 1)) }),
    description: 'log loss, and the log loss of a row among the rows of its group',
    paper: 'Sheng et al., KDD 2023',
    package: '@polytask/core',
  },
);
