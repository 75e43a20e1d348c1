import { checks } from '@polytask/core';
import { defineCalibration } from '@polytask/core/calibration';

const options = {
  /** What is added to each logit. */
  by: checks.number(),
};

/**
 * σ(z + by): the logit of yes is shifted until the mean probability is the share of yes, as after training on rows that were resampled.
 * Replace the equation and its fit by yours.
 *
 * @throws PolytaskError when `by` is no number, or an option is unknown
 * @example myComponent({ by: -0.5 })
 */
export const myComponent = defineCalibration('my-package/my-component', (z, { add }, { by }) => add(z, by), {
  predictions: ['probability'],
  options,
  fit({ logits, labels, weights }) {
    let by = 0;
    for (let step = 0; step < 50; step++) {
      let [missing, slope] = [0, 1e-9];
      logits.forEach((z, row) => {
        const p = 1 / (1 + Math.exp(-(z + by)));
        missing += weights[row]! * (labels[row]! - p);
        slope += weights[row]! * p * (1 - p);
      });
      by += missing / slope; // Newton's step
    }
    return { by };
  },
  description: 'a shift of the logit',
  package: 'my-package',
});
