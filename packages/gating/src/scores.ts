import * as tf from '@tensorflow/tfjs';
import {
  activation,
  checks,
  dense,
  fail,
  zeros,
  type Activation,
  type Call,
  type GateBuilder,
  type Initializer,
  type Layer,
  type Options,
} from '@polytask/core';

const { activationName, flag, listOf, oneOf, optional, wholeNumber } = checks;

/** Where a gate's scores come from; most gates turn scores into weights. */
export interface ScoresConfig {
  /**
   * The unit's own vector (PLE, AdaTT), the network's input (MMoE), or `nothing`: learned scores, the same for all rows.
   */
  reads?: 'unit' | 'raw' | 'nothing';
  /** Widths of hidden layers before the scores. Default none: the scores are linear. */
  hidden?: readonly number[];
  /** After each hidden layer. Default `relu`. */
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

/** Scores [units, batch or 1, experts] from what the gate reads. */
export type Scores = (x: tf.Tensor, call: Call) => tf.Tensor;

/** Learned scores of the experts. Where the gate reads nothing they start at 0, or as `start` says. */
export function expertScores(
  builder: GateBuilder,
  config: ScoresConfig & { name?: string; start?: Initializer },
): Scores {
  const { reads = 'unit', hidden = [], bias = true, name = '', start = zeros() } = config;
  const { experts, unitDim, rawDim } = builder;
  const scope = name === '' ? builder.overExperts : builder.overExperts.child(name);
  if (reads === 'nothing') {
    const scores = scope.bias('scores', experts, start);
    return () => scores;
  }
  const inputDim = reads === 'unit' ? unitDim : rawDim;
  const { layers, width } = hiddenLayers(builder, { ...config, hidden, inputDim });
  const scores = dense(scope, { inputDim: width, units: experts, bias });
  return (x, call) =>
    scores(
      layers.reduce((h, layer) => layer(h, call), x),
      call,
    );
}

/** The hidden layers of a gate, and the width of what they give. */
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
 * Puts the scores of experts that a unit doesn't see far below any other, so that a softmax or a choice of the largest is
 * exactly 0 there and nothing flows back.
 */
export function hideUnseen({ visible, experts, constant }: GateBuilder): (scores: tf.Tensor) => tf.Tensor {
  if (visible.flat().every(Boolean)) return (scores) => scores;
  const far = constant(
    visible.flat().map((seen) => (seen ? 0 : -1e9)),
    [visible.length, 1, experts],
  );
  return (scores) => tf.add(scores, far);
}

/** Throws unless each unit sees an expert. */
export function needSight({ visible, members }: GateBuilder, gate: string): void {
  const blind = visible.findIndex((row) => !row.includes(true));
  if (blind < 0) return;
  fail({
    expected: `each unit of a ${gate} gate to see an expert`,
    received: `none for "${members?.[blind] ?? blind}"`,
    mend: 'Give it native experts, or shared ones, or let it see all.',
  });
}
