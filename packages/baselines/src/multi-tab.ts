import * as tf from '@tensorflow/tfjs-core';
import { oneOf, optional, sum, wholeNumber, type FromDescription, type Read, type Written } from '@polytask/components';
import {
  activation,
  attention,
  defineCompositeNetwork,
  dense,
  fail,
  layerNorm,
  normal,
  unstack,
  createScope,
  startLanes,
  type Call,
  type Network,
  type NetworkBuildInputs,
  type NetworkInput,
  type NetworkSpec,
  type Scope,
} from '@polytask/core';

const options = {
  /** Width of a token, a multiple of `heads`. */
  dimension: optional(wholeNumber(1), 16),
  /** The number of attention heads. */
  heads: optional(wholeNumber(1), 4),
  /** The number of transformer blocks. */
  blocks: optional(wholeNumber(1), 1),
  /** Width of the hidden layer of each feed-forward network. */
  hidden: optional(wholeNumber(1), 256),
  /**
   * Which tokens don't see the tokens of tasks: those of other tasks (`tasks`), those of features (`features`), `both`, or `none`
   * of them. With `features` or `both`, nothing of a task reaches the features.
   */
  masked: optional(oneOf('tasks', 'features', 'both', 'none'), 'tasks'),
};

export interface MultiTabOptions extends Written<typeof options>, FromDescription {}

/**
 * MultiTab-Net (Sinodinos et al., AAAI 2026, arXiv:2511.09970): a transformer over a token for each task and each feature. A feature's
 * token is an affine map of its columns in the input. A task's token is learned. The tokens X of a row pass through blocks,
 *
 *     S = X + attention(LN(X))    X ← S + gelu(LN(S) W_1 + b_1) W_2 + b_2
 *
 * and a task's vector is its token. A mask keeps a task's token from seeing those of other tasks.
 *
 * Without the paper's attention between the rows of a batch: there, a prediction depends on the other rows. There is no dropout, and keys
 * have no bias, because a softmax takes no notice of it. The last block computes only the tokens of tasks.
 *
 * @throws PolytaskError when an option is unknown or invalid, or the heads can't share the tokens' width
 * @throws PolytaskError, when the model is built, if its input doesn't name the columns of its features
 * @example multiTab({ dimension: 16, heads: 4, blocks: 2 })
 */
export const multiTab: (config?: MultiTabOptions) => NetworkSpec = defineCompositeNetwork('multi-tab', build, {
  description: 'a transformer over tokens of features and tasks, which a mask keeps apart',
  paper: 'Sinodinos et al., AAAI 2026',
  package: '@polytask/baselines',
  sharesLayers: true,
  variant: {
    useWhen: 'there are many rows, and features matter together rather than one by one',
    onlyNamed: true,
    config: ({ widths: [hidden = 256] }) => ({ hidden }),
  },
  options,
});

function build(
  { dimension, heads, blocks, hidden, masked }: Read<typeof options>,
  { store, tasks, input, path }: NetworkBuildInputs,
): Network {
  if (dimension % heads !== 0) {
    fail({
      expected: `tokens whose width ${heads} heads divide evenly, for multi-tab`,
      received: String(dimension),
      fix: 'Choose another dimension, or other heads.',
    });
  }
  const { modelMembers } = input;
  const starts = createScope(store, `${path}tokens.tasks`, { members: tasks }).weight(
    'start',
    [dimension],
    normal(0.01),
  );
  const runs = runsOf(input).map(({ names, from, width }, r) => ({
    from,
    shape: [-1, names.length, width],
    map: dense(createScope(store, `${path}tokens.features.${r}`, { members: names, modelMembers }), {
      inputDim: width,
      units: dimension,
    }),
  }));
  const count = tasks.length;
  const tokens = count + sum(runs, ({ shape }) => shape[1]!);
  const isHidden = (of: number, key: number) =>
    key < count && of !== key && (masked === 'both' || masked === (of < count ? 'tasks' : 'features'));
  const stack = Array.from({ length: blocks }, (_, b) => {
    const rows = b === blocks - 1 ? count : tokens;
    const hides = (i: number) => isHidden(Math.floor(i / tokens), i % tokens);
    const added = Array.from({ length: rows * tokens }, (_, i) => (hides(i) ? -1e9 : 0));
    const mask = store.constant(added, [rows, tokens]);
    return block(createScope(store, `${path}blocks.${b}`, { modelMembers }), { dimension, heads, hidden, mask });
  });
  return {
    levels: [],
    outputDim: dimension,
    inputLanes: tasks,
    apply(lanes, call) {
      const x = startLanes(tasks, lanes).get(tasks[0]!)!;
      const one = tf.reshape(tf.onesLike(tf.slice(x, [0, 0], [-1, 1])), [-1, 1, 1]); // for each row
      const ofFeatures = runs.map(({ from, shape: [, n, width], map }) => {
        const columns = tf.reshape(tf.slice(x, [0, from], [-1, n! * width!]), [-1, n!, width!]);
        return tf.transpose(map(tf.transpose(columns, [1, 0, 2]), call), [1, 0, 2]); // [rows, n, dimension]
      });
      const first: tf.Tensor = tf.concat([tf.mul(one, starts), ...ofFeatures], 1);
      const last = stack.reduce((h, apply) => apply(h, call), first);
      const vectors = unstack(last, 1) as tf.Tensor2D[];
      return new Map(tasks.map((task, t) => [task, vectors[t]!]));
    },
  };
}

interface Run {
  readonly names: string[];
  readonly from: number;
  readonly width: number;
}

/** The features in the order of their columns: a run is of neighbors of one width. Features that share all columns are one. */
function runsOf({ features, outputDim }: NetworkInput): Run[] {
  const runs: Run[] = [];
  for (const [name, { from, width }] of [...(features ?? [])].sort(([, a], [, b]) => a.from - b.from)) {
    const last = runs.at(-1);
    const end = last ? last.from + last.names.length * last.width : 0;
    if (from < end) continue;
    if (last && from === end && width === last.width) last.names.push(name);
    else runs.push({ names: [name], from, width });
  }
  if (runs.length > 0) return runs;
  return fail({
    expected: 'an input that names the columns of its features, for multi-tab',
    received: `${outputDim} columns without names`,
    fix: 'Use an input that names its features: embed().',
  });
}

interface Shape extends Pick<Read<typeof options>, 'dimension' | 'heads' | 'hidden'> {
  /** [m, tokens]: what the first m tokens, which the block computes, add to the scores of all tokens. */
  readonly mask: tf.Tensor;
}

/** A block: [batch, tokens, dimension] → [batch, m, dimension]. */
function block(scope: Scope, { dimension, heads, hidden, mask }: Shape): (x: tf.Tensor, call: Call) => tf.Tensor {
  const map = (name: string, units = dimension, inputDim = dimension, bias = true) =>
    dense(scope.child(name), { inputDim, units, bias });
  const [query, key, value, out] = [map('query'), map('key', dimension, dimension, false), map('value'), map('out')];
  const [up, down] = [map('up', hidden), map('down', dimension, hidden)];
  const [before, between] = [layerNorm(scope.child('before'), dimension), layerNorm(scope.child('between'), dimension)];
  const gelu = activation('gelu');
  const firsts = (x: tf.Tensor) => tf.slice(x, [0, 0, 0], [-1, mask.shape[0]!, -1]);
  return (x, call) => {
    const h = before(x);
    const mixed = attention(query(firsts(h), call), key(h, call), value(h, call), heads, mask);
    const s = tf.add(firsts(x), out(mixed, call));
    return tf.add(s, down(gelu(up(between(s), call)), call));
  };
}
