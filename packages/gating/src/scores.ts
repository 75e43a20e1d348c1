import * as tf from '@tensorflow/tfjs-core';
import {
  activation,
  checks,
  dense,
  fail,
  suggestion,
  zeros,
  type Activation,
  type Call,
  type FeatureColumns,
  type GateBuilder,
  type Initializer,
  type Layer,
  type Options,
} from '@polytask/core';

const { activationName, flag, listOf, oneOf, optional, wholeNumber } = checks;

/** The options of a gate that turns scores of the experts into weights. */
export interface ScoresConfig {
  /**
   * The input of the scores: the unit's own vector (`unit`, PLE and AdaTT) or the network's input (`raw`, MMoE). With
   * `nothing` the scores are learned and the same for all rows.
   */
  reads?: 'unit' | 'raw' | 'nothing';
  /** Widths of the hidden layers before the scores. Default: no hidden layer, so the scores are linear. */
  hidden?: readonly number[];
  /** The activation after each hidden layer. Default `relu`. */
  activation?: Activation;
  /** Whether the scores have a bias. Default true. */
  bias?: boolean;
}

export const scoreOptions: Options<ScoresConfig> = {
  reads: optional(oneOf('unit', 'raw', 'nothing')),
  hidden: optional(listOf(wholeNumber(1))),
  activation: optional(activationName),
  bias: optional(flag),
};

/** The gate's input → scores [units, batch or 1, experts]. */
export type Scores = (x: tf.Tensor, call: Call) => tf.Tensor;

/** The score of an expert that a grown model adds, for units of before: its weight is exactly 0. */
export const CLOSED = { closed: -1000 };

/** Builds the scores of the experts. With `reads: 'nothing'` they are initialized by `start`, or with 0. */
export function expertScores(
  builder: GateBuilder,
  config: ScoresConfig & { name?: string; start?: Initializer },
): Scores {
  const { reads = 'unit', hidden = [], bias = true, name = '', start = zeros() } = config;
  const { experts, unitDim, rawDim } = builder;
  const scope = name === '' ? builder.overExperts : builder.overExperts.child(name);
  if (reads === 'nothing') {
    const scores = scope.bias('scores', experts, start, CLOSED);
    return () => scores;
  }
  const inputDim = reads === 'unit' ? unitDim : rawDim;
  const { layers, width } = hiddenLayers(builder, { ...config, hidden, inputDim });
  const scores = dense(scope, { inputDim: width, units: experts, bias, biasAxes: CLOSED });
  return (x, call) =>
    scores(
      layers.reduce((h, layer) => layer(h, call), x),
      call,
    );
}

/** Builds the hidden layers of a gate. Returns the layers and the width of their output. */
export function hiddenLayers(
  builder: GateBuilder,
  config: { hidden: readonly number[]; inputDim: number; activation?: Activation },
): { layers: readonly Layer[]; width: number } {
  const act = activation(config.activation ?? 'relu');
  let width = config.inputDim;
  const layers = config.hidden.flatMap((units, i): Layer[] => {
    const layer = dense(builder.child(`hidden${i}`), { inputDim: width, units });
    width = units;
    return [layer, act];
  });
  return { layers, width };
}

/**
 * Adds −10⁹ to the scores of experts that a unit doesn't see. A softmax, or a choice of the largest score, then gives these
 * experts weight 0 and gradient 0.
 */
export function hideUnseen({ visible, experts, constant }: GateBuilder): (scores: tf.Tensor) => tf.Tensor {
  if (visible.flat().every(Boolean)) return (scores) => scores;
  const offsets = constant(
    visible.flat().map((isVisible) => (isVisible ? 0 : -1e9)),
    [visible.length, 1, experts],
  );
  return (scores) => tf.add(scores, offsets);
}

/** What scores without a bias add, so that {@link CLOSED} holds: −1000 for the experts that a grown model adds, 0 for others. */
export const closedToNew = ({ overExperts, experts }: GateBuilder): tf.Tensor =>
  overExperts.buffer('closed', experts, zeros(), CLOSED);

/** Throws unless each unit sees at least one expert. */
export function needSight({ visible, members }: GateBuilder, gate: string): void {
  const blind = visible.findIndex((row) => !row.includes(true));
  if (blind < 0) return;
  fail({
    expected: `each unit of a ${gate} gate to see an expert`,
    received: `none for "${members?.[blind] ?? blind}"`,
    mend: 'Give it native experts, or shared ones, or let it see all.',
  });
}

/** The columns of a feature in the network's input. @throws PolytaskError when the input doesn't have it */
export const featureColumns = ({ features }: GateBuilder, name: string, gate: string): FeatureColumns =>
  features.get(name) ??
  fail({
    expected: `a feature of the network's input for a ${gate} gate`,
    received: `"${name}"`,
    mend: features.size > 0 ? suggestion(name, features.keys()) : 'Use an input that names its features: embed().',
  });
