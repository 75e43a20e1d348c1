import * as tf from '@tensorflow/tfjs-core';
import { text, type Written } from '@polytask/components';
import { defineGate, fail, type GateOptions, type GateSpec } from '@polytask/core';
import { featureColumns } from './scores.ts';

const options = {
  /** The name of a vector feature, whose numbers are the weights. */
  feature: text,
};

export interface FeatureGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Feature gate: the weights are numbers of the row, without parameters. The m experts are in k blocks, one for each of the feature's k
 * numbers p: W_u,e = p_b(e) / n_b(e) where the unit sees expert e, 0 elsewhere. b(e) = ⌊e k / m⌋ is the expert's block, n its size.
 * With a preference between tasks and experts of one linear layer, this is Pareto manifold learning: a weighted mean of one set of
 * weights per task (PaMaL; Dimitriadis et al., ICML 2023).
 *
 * @returns weights [units, batch, experts]
 * @throws PolytaskError when an option is unknown or missing; when the model is built, if the feature isn't in the input, or has more
 *   numbers than the level has experts
 * @example mmoe({ levels: [{ experts: mlp([64]), pool: 2, gate: featureGate({ feature: 'preference' }) }] })
 */
export const featureGate: (config: FeatureGateOptions) => GateSpec = defineGate(
  'feature',
  (builder, { feature }) => {
    const { experts, mask } = builder;
    const { from, width } = featureColumns(builder, feature, 'feature');
    if (width > experts) {
      fail({
        expected: `at least ${width} experts, one for each number of "${feature}"`,
        received: String(experts),
        fix: 'Use more experts, or an input that leaves the numbers as they are.',
      });
    }
    const blocks = Array.from({ length: experts }, (_, e) => Math.floor((e * width) / experts));
    const sizes = blocks.map((block) => blocks.filter((other) => other === block).length);
    const shares = Array.from({ length: width }, (_, k) => blocks.map((block, e) => (block === k ? 1 / sizes[e]! : 0)));
    const spread = builder.constant(shares.flat(), [width, experts]);
    return {
      reads: 'raw',
      apply: (x) => tf.mul(tf.expandDims(tf.matMul(tf.slice(x, [0, from], [-1, width]), spread), 0), mask),
    };
  },
  {
    description: 'numbers of the row as weights, such as a preference between tasks',
    paper: 'Dimitriadis et al., ICML 2023',
    package: '@polytask/gating',
    options,
    traits: { ordered: true }, // an expert's block is its place
  },
);
