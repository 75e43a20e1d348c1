import * as tf from '@tensorflow/tfjs-core';
import { optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { activation, defineExpert, fail, layerNorm, uniform, type ExpertSpec, type Scope } from '@polytask/core';

const options = {
  /** The number of tokens. The input is split into this many equal parts. */
  tokens: wholeNumber(1),
  /** Width of a token, and of the output. A multiple of `tokens`. */
  units: wholeNumber(1),
  /** The number of blocks. */
  blocks: optional(wholeNumber(1), 2),
  /** Width of the hidden layer of each token. Default: 4 × `units`. */
  hidden: optional(wholeNumber(1), ({ units }) => 4 * (units as number)),
};

export interface TokenMixingOptions extends Written<typeof options>, FromDescription {}

/**
 * RankMixer's blocks (Zhu et al., CIKM'25, eq. 1). The input's T parts are projected to tokens of width `units`. A block
 * is S = LN(mix(X) + X), X ← LN(ffn(S) + S). `mix` has no parameters: new token h is part h of each token, side by side.
 * `ffn` is gelu(s_t W_t + b_t) V_t + c_t, with weights for each token t. The output is the mean of the tokens.
 * Shapes: [batch, inputDim] → [batch, units].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @throws PolytaskError, when the model is built, if the input or `units` can't be split into equal parts
 * @example tokenMixing({ tokens: 4, units: 32 })
 */
export const tokenMixing: (config: TokenMixingOptions) => ExpertSpec = defineExpert(
  'token-mixing',
  (builder, { tokens, units, blocks, hidden }) => {
    const { inputDim, members } = builder;
    for (const [name, width] of Object.entries({ input: inputDim, token: units })) {
      if (width % tokens === 0) continue;
      fail({
        expected: `a width of each ${name} that ${tokens} tokens divide evenly, for token-mixing`,
        received: String(width),
        fix: 'Choose other tokens or units, or put a linearExpert before it: sequential(linearExpert({ units: 32 }), …).',
      });
    }
    const bank = members?.length ?? 1;
    const sizes = { bank, tokens };
    const project = perToken(builder.child('project'), sizes, inputDim / tokens, units);
    const steps = Array.from({ length: blocks }, (_, i) => {
      const scope = builder.child(String(i));
      return {
        mixed: layerNorm(scope.child('mixed'), units),
        up: perToken(scope.child('up'), sizes, units, hidden),
        down: perToken(scope.child('down'), sizes, hidden, units),
        out: layerNorm(scope.child('out'), units),
      };
    });
    const gelu = activation('gelu');

    return {
      outputDim: units,
      apply(x) {
        const batch = x.shape.at(-2)!;
        const parts = tf.transpose(tf.reshape(x, [-1, batch, tokens, inputDim / tokens]), [0, 2, 1, 3]);
        const rows = parts.shape[0] === bank ? parts : tf.tile(parts, [bank, 1, 1, 1]); // all members may read one x
        const mix = (h: tf.Tensor) =>
          tf.reshape(tf.transpose(tf.reshape(h, [bank, tokens, batch, tokens, -1]), [0, 3, 2, 1, 4]), h.shape);
        const first = project(tf.reshape(rows, [bank * tokens, batch, -1])); // [bank × tokens, batch, units]
        const last = steps.reduce((h, { mixed, up, down, out }) => {
          const s = normalized(mixed, tf.add(mix(h), h), bank);
          return normalized(out, tf.add(down(gelu(up(s))), s), bank);
        }, first);
        const mean = tf.mean(tf.reshape(last, [bank, tokens, batch, units]), 1);
        return members ? mean : tf.squeeze(mean, [0]);
      },
    };
  },
  {
    description: 'tokens that exchange parts, each with a network for itself',
    paper: 'Zhu et al., CIKM 2025, eq. 1',
    package: '@polytask/experts',
    options,
  },
);

/** Layer normalization of each token, with one γ and β per member of the bank. */
const normalized = (norm: ReturnType<typeof layerNorm>, h: tf.Tensor, bank: number): tf.Tensor => {
  const [, , width] = h.shape as [number, number, number];
  return tf.reshape(norm(bank === 1 ? tf.reshape(h, [-1, width]) : tf.reshape(h, [bank, -1, width])), h.shape);
};

/** An affine map for each token, [bank × tokens, batch, from] → [bank × tokens, batch, to]. It starts from U(±1/√from). */
function perToken(scope: Scope, { bank, tokens }: { bank: number; tokens: number }, from: number, to: number) {
  const start = uniform(1 / Math.sqrt(from));
  const kernel = scope.weight('kernel', [tokens, from, to], start);
  const bias = scope.bias('bias', tokens * to, start);
  return (h: tf.Tensor) =>
    tf.add(tf.matMul(h, tf.reshape(kernel, [bank * tokens, from, to])), tf.reshape(bias, [bank * tokens, 1, to]));
}
