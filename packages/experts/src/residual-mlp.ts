import * as tf from '@tensorflow/tfjs-core';
import { flag, number, oneOf, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import {
  activation,
  batchNorm,
  defineExpert,
  dense,
  dropout,
  fail,
  layerNorm,
  activationName,
  type ExpertSpec,
  type Layer,
} from '@polytask/core';

const options = {
  /** Width of the blocks' inputs and outputs, and of the expert's output. */
  units: wholeNumber(1),
  /** The number of blocks. */
  blocks: optional(wholeNumber(1), 2),
  /** Width of the hidden layer in a block. Default: `units`. */
  hidden: optional(wholeNumber(1), ({ units }) => units as number),
  /** The activation in a block. */
  activation: optional(activationName, 'relu'),
  /** The normalization at the start of a block. The default is the paper's. */
  norm: optional(oneOf('layer', 'batch', 'none'), 'batch'),
  /** The dropout rate after both layers of a block. */
  dropout: optional(number({ from: 0, below: 1 }), 0),
  /** Whether an affine map to `units` comes first. Without it, the input must have width `units`. */
  project: optional(flag, true),
};

export interface ResidualMlpOptions extends Written<typeof options>, FromDescription {}

/**
 * Residual MLP, the ResNet for tables of Gorishniy et al. (NeurIPS'21, section 3.2): h = x W_0 + b_0, then for each block
 * h ← h + dropout(dropout(act(norm(h) W_1 + b_1)) W_2 + b_2). Shapes: [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number is invalid, or an option is unknown
 * @throws PolytaskError, when the model is built, if `project` is false and the input's width is not `units`
 * @example residualMlp({ units: 64, blocks: 3, norm: 'layer' })
 */
export const residualMlp: (config: ResidualMlpOptions) => ExpertSpec = defineExpert(
  'residual-mlp',
  (builder, { units, blocks, hidden, activation: name, norm, dropout: rate, project }) => {
    const { inputDim } = builder;
    const act = activation(name);
    if (!project && inputDim !== units) {
      fail({
        expected: `an input of ${units} numbers for a residual-mlp without projection`,
        received: String(inputDim),
        fix: 'Let it project, or give it as many units as it reads.',
      });
    }
    const first = project ? dense(builder.child('project'), { inputDim, units }) : undefined;
    const steps = Array.from({ length: blocks }, (_, i): Layer => {
      const scope = builder.child(String(i));
      const [inner, outer] = [scope.child('inner'), scope.child('outer')];
      const normalization: Layer[] =
        norm === 'layer' ? [layerNorm(scope, units)] : norm === 'batch' ? [batchNorm(scope, units)] : [];
      const layers: Layer[] = [
        ...normalization,
        dense(inner, { inputDim: units, units: hidden }),
        act,
        dropout(inner, rate),
        dense(outer, { inputDim: hidden, units }),
        dropout(outer, rate),
      ];
      const through: Layer = (x, call) => layers.reduce((h, layer) => layer(h, call), x);
      return (x, call) => tf.add(x, through(x, call));
    });
    return {
      outputDim: units,
      apply: (x, call) => steps.reduce((h, step) => step(h, call), first ? first(x, call) : x),
    };
  },
  {
    description: 'blocks of two layers, each added to what it reads',
    paper: 'Gorishniy et al., NeurIPS 2021, section 3.2',
    package: '@polytask/experts',
    variant: { layer: (units) => ({ units }) },
    options,
  },
);
