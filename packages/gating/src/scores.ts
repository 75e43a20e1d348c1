import * as tf from '@tensorflow/tfjs-core';
import { either, flag, listOf, oneOf, optional, text, wholeNumber, type Read } from '@polytask/components';
import {
  contextOf,
  dense,
  fail,
  suggestion,
  zeros,
  activationName,
  type Call,
  type FeatureColumns,
  type GateBuilder,
  type Initializer,
  type Layer,
} from '@polytask/core';

export const layerOptions = {
  /** Widths of the hidden layers before the scores. Without one, the scores are linear. */
  hidden: optional(listOf(wholeNumber(1)), []),
  /** The activation after each hidden layer. */
  activation: optional(activationName, 'relu'),
};

/** The option of a gate that always reads a vector. */
export const vectorOptions = {
  /** The input of the gate: the unit's own vector (`unit`) or the network's input (`raw`). */
  reads: optional(oneOf('unit', 'raw'), 'unit'),
};

/** The options of a gate that turns scores of the experts into weights. */
export const scoreOptions = {
  /**
   * The input of the scores: the unit's own vector (`unit`, PLE and AdaTT) or the network's input (`raw`, MMoE). With
   * `nothing` the scores are learned and the same for all rows.
   */
  reads: optional(oneOf('unit', 'raw', 'nothing'), 'unit'),
  ...layerOptions,
  /** Whether the scores have a bias. */
  bias: optional(flag, true),
  /** The name of a context, for each value of which there are other scores (M3oE), or true for the schema's only context. */
  perContext: optional(either(text, flag)),
};

/** The gate's input → scores [units, batch or 1, experts]. */
export type Scores = (x: tf.Tensor, call: Call) => tf.Tensor;

/** The score of an expert that a grown model adds, for units of before: its weight is exactly 0. */
export const CLOSED = { closed: -1000 };

/** Builds the scores of the experts. With `reads: 'nothing'` they are initialized by `start`, or with 0. */
export function expertScores(
  builder: GateBuilder,
  config: Read<typeof scoreOptions> & { name?: string; start?: Initializer },
): Scores {
  const { reads, bias, name = '', start = zeros(), perContext } = config;
  const { experts, unitDim, rawDim } = builder;
  const scope = name === '' ? builder.overExperts : builder.overExperts.child(name);
  if (reads === 'nothing') {
    if (perContext) {
      fail({
        expected: 'a gate with scores for each value of a context to read a vector',
        received: "reads: 'nothing'",
        fix: "Pass reads: 'unit' or 'raw' with perContext.",
      });
    }
    const scores = scope.bias('scores', experts, start, CLOSED);
    return () => scores;
  }
  const context = perContext ? contextOf(builder, perContext === true ? undefined : perContext) : undefined;
  const values = context?.values ?? 1;
  const inputDim = reads === 'unit' ? unitDim : rawDim;
  const { hidden, width } = hiddenLayers(builder, { ...config, inputDim });
  const scores = dense(scope, { inputDim: width, units: values * experts, bias, biasAxes: CLOSED }); // experts vary fastest
  return (x, call) => {
    const all = scores(hidden(x, call), call); // [units, batch, values × experts]
    if (!context) return all;
    const byValue = tf.reshape(all, [...all.shape.slice(0, -1), values, experts]);
    return tf.sum(tf.mul(byValue, tf.expandDims(context.oneHot(call), 2)), -2);
  };
}

/** Builds the hidden layers of a gate, as one layer, and says the width of their output. */
export function hiddenLayers(
  builder: GateBuilder,
  { hidden: widths, activation, inputDim }: Read<typeof layerOptions> & { inputDim: number },
): { hidden: Layer; width: number } {
  let width = inputDim;
  const layers = widths.map((units, i) => {
    const layer = dense(builder.child(`hidden${i}`), { inputDim: width, units, activation });
    width = units;
    return layer;
  });
  return { hidden: (x, call) => layers.reduce((h, layer) => layer(h, call), x), width };
}

/** Adds −10⁹ to the scores of experts that a unit doesn't see: a softmax then gives them weight 0 and gradient 0. */
export function hideUnseen(builder: GateBuilder, gate: string): (scores: tf.Tensor) => tf.Tensor {
  needSight(builder, gate);
  const { visible, experts, constant } = builder;
  if (visible.flat().every(Boolean)) return (scores) => scores;
  const hidden = visible.flat().map((isVisible) => (isVisible ? 0 : -1e9));
  const offsets = constant(hidden, [visible.length, 1, experts]);
  return (scores) => tf.add(scores, offsets);
}

/** What scores without a bias add, so that {@link CLOSED} holds: −1000 for the experts that a grown model adds, 0 for others. */
export const closedToNew = ({ overExperts, experts }: GateBuilder): tf.Tensor =>
  overExperts.buffer('closed', experts, zeros(), CLOSED);

export function needSight({ visible, members }: GateBuilder, gate: string): void {
  const blind = visible.findIndex((row) => !row.includes(true));
  if (blind < 0) return;
  fail({
    expected: `each unit of a ${gate} gate to see an expert`,
    received: `none for "${members?.[blind] ?? blind}"`,
    fix: 'Give it native experts, or shared ones, or let it see all.',
  });
}

/** The columns of a feature in the network's input. @throws PolytaskError when the input doesn't have it */
export const featureColumns = ({ features }: GateBuilder, name: string, gate: string): FeatureColumns =>
  features.get(name) ??
  fail({
    expected: `a feature of the network's input for a ${gate} gate`,
    received: `"${name}"`,
    fix: features.size > 0 ? suggestion(name, features.keys()) : 'Use an input that names its features: embed().',
  });
