import * as tf from '@tensorflow/tfjs-core';
import { listOf, optional, positive, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, layerNorm, type ExpertSpec } from '@polytask/core';

const options = {
  /** The widths of the blocks, from the input up. */
  units: listOf(wholeNumber(1), 1),
  /** The width of a mask's hidden layer, as a multiple of the width of the vector that it masks. */
  ratio: optional(positive, 2),
};

export interface MaskNetOptions extends Written<typeof options>, FromDescription {}

/**
 * MaskNet's blocks one after the other (Wang et al., DLP-KDD'21, eq. 5, 12 and 14): h ← relu(LN((mask_l(x) ⊙ h) W_l)), with
 * mask_l(x) = relu(x A_l + a_l) M_l + m_l. Every mask reads the expert's input x; the first block masks LN(x).
 * Shapes: [batch, inputDim] → [batch, last width].
 *
 * @throws PolytaskError when there is no block, a number is invalid, or an option is unknown
 * @example maskNet({ units: [64, 32] })
 */
export const maskNet: (config: MaskNetOptions) => ExpertSpec = defineExpert(
  'mask-net',
  (builder, { units, ratio }) => {
    const { inputDim } = builder;
    const norm = layerNorm(builder.child('norm'), inputDim);
    const blocks = units.map((width, i) => {
      const scope = builder.child(String(i));
      const masked = i === 0 ? inputDim : units[i - 1]!;
      const hidden = Math.max(1, Math.round(ratio * masked));
      const aggregate = dense(scope.child('aggregate'), { inputDim, units: hidden, activation: 'relu' });
      const mask = dense(scope.child('mask'), { inputDim: hidden, units: masked });
      const map = dense(scope, { inputDim: masked, units: width, bias: false });
      return { aggregate, mask, map, norm: layerNorm(scope, width) };
    });
    return {
      outputDim: units.at(-1)!,
      apply: (x, call) =>
        blocks.reduce((h, block) => {
          const mask = block.mask(block.aggregate(x, call), call);
          return tf.relu(block.norm(block.map(tf.mul(mask, h), call)));
        }, norm(x)),
    };
  },
  {
    description: 'layers whose inputs are multiplied by masks of the row',
    paper: 'Wang et al., DLP-KDD 2021, eq. 5',
    package: '@polytask/experts',
    variant: { layer: (width) => ({ units: [width] }), layers: (units) => ({ units }) },
    options,
  },
);
