import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, linear, uniform } from '@polytask/core';

const options = {
  /** Width of the output. */
  units: checks.wholeNumber(1),
  /** ω₀, the frequency of the sine. The paper has 30 for images. */
  frequency: checks.optional(checks.positive, 3),
};

/**
 * Sine layer (Sitzmann et al., NeurIPS 2020, eq. 1): sin(ω₀ (x W + b)), with W uniform in ±√(6/inputDim)/ω₀ as in its section 3.2.
 * [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when `units` is no positive whole number, `frequency` isn't above 0, or an option is unknown
 * @example siren({ units: 64, frequency: 10 })
 */
export const siren = defineExpert(
  'outside-package/siren',
  ({ inputDim, weight, bias }, { units, frequency }) => {
    const w = weight('kernel', [inputDim, units], uniform(Math.sqrt(6 / inputDim) / frequency));
    const b = bias('bias', units);
    return { outputDim: units, apply: (x, call) => tf.sin(tf.mul(linear(x, w, b, call.shared), frequency)) };
  },
  {
    description: 'a sine of an affine map',
    paper: 'Sitzmann et al., NeurIPS 2020, eq. 1',
    package: 'outside-package',
    options,
    variant: { layer: (units) => ({ units }) },
  },
);
