import * as tf from '@tensorflow/tfjs-core';
import { sum, fail } from '@polytask/components';
import {
  defineCompositeNetwork,
  detached,
  zeros,
  createScope,
  type InputSpec,
  type Lanes,
  type Network,
  type NetworkBuildInputs,
  type NetworkSpec,
} from '@polytask/core';
import { binned, type BinnedOptions } from './binned.ts';
import { boostedTreesOptions, treeSizes, WORD, WORDS, addTrees, walkedTrees } from './tree-arrays.ts';
import type { BoostedTreesOptions, BoostedTreesSettings, WalkedTrees } from './tree-arrays.ts';

/** About how many splits are decided at once: more need more memory. */
const SPLITS_AT_ONCE = 512;

/**
 * Gradient boosting (Friedman, Annals of Statistics 2001) after LightGBM (Ke et al., NeurIPS 2017) as a network: the trees of each task
 * and output. Tasks share nothing, or the splits (`trees`). `fit` grows the trees on bins of the features in place of gradient descent: see
 * docs/boosting.md. The model's input must be {@link binned}, and it has no tower.
 *
 * Trees run as matrix products (Nakandala et al., OSDI 2020). A split has d = 1 if the row goes left, and 0 otherwise. A leaf has
 * P = ±1 for the splits on its way, and 0 for others. A row is in the leaf whose Σ d P is the number of its P = 1.
 *
 * @param config options of `boost` of `@polytask/boosting`, with its defaults
 * @example multiTaskModel({ schema, network: boostedTrees({ numLeaves: 15 }), input: binned(), seed: 7 })
 */
export const boostedTrees: (config?: BoostedTreesOptions) => NetworkSpec = defineCompositeNetwork(
  'gradient-boosting',
  buildTrees,
  {
    description: 'boosted trees; each task has its own, or tasks share their splits',
    paper: 'Friedman, Annals of Statistics 2001; Ke et al., NeurIPS 2017',
    package: '@polytask/baselines',
    options: boostedTreesOptions,
    sharesLayers: false,
    explainer: async (rows) => (await import('./explain-trees.ts')).explainTrees(rows),
    grown({ refitDecayRate: _, ...config }, { 'trees.values': values }) {
      const { rounds, leaves } = treeSizes(config, 1);
      let used = 0;
      values?.data.forEach((value, i) => {
        if (value !== 0) used = Math.max(used, (Math.floor(i / leaves) % rounds) + 1);
      });
      return { ...config, initIterations: used };
    },
    trainer: async (training) => (await import('./train-trees.ts')).trainTrees(training), // who predicts loads no training
  },
);

/**
 * Gradient boosting for each task: trees on bins of all features. Spread the result into a model's declaration, and leave the tower out.
 *
 * @param config the options of {@link boostedTrees} and {@link binned}
 * @example
 * const model = multiTaskModel({ schema: train.schema, ...gradientBoosting({ numLeaves: 15 }), seed: 7 });
 * await fit(model, train, { validation, stopping: earlyStopping() });
 */
export const gradientBoosting = ({ maxBin, ...config }: BoostedTreesOptions & BinnedOptions = {}): {
  network: NetworkSpec;
  input: InputSpec;
} => ({ network: boostedTrees(config), input: binned({ maxBin }) });

function buildTrees(config: BoostedTreesSettings, { store, path, tasks, input }: NetworkBuildInputs): Network {
  if ((input.modelMembers ?? 1) > 1) {
    fail({
      expected: 'one member for boosted trees, which have no weights to share',
      received: `members: ${input.modelMembers}`,
      fix: 'Leave members out.',
    });
  }
  const outputs = tasks.map((task) => input.outputs?.(task) ?? 1);
  const outputDim = Math.max(...outputs);
  const sizes = treeSizes(config, sum(outputs));
  const { rounds, trees, leaves, splits } = sizes;
  const { tensor, constant } = createScope(store, `${path}trees`);
  const axes = {
    blocks: tasks.flatMap((task, t) =>
      Array.from({ length: outputs[t]! }, (_, output) => ({ name: `${task} ${output}`, size: rounds })),
    ),
  };
  const variables = {
    columns: tensor('columns', [trees, splits], zeros(), false, axes),
    left: tensor('left', [trees, splits * WORDS], zeros(), false, axes),
    paths: tensor('paths', [trees, leaves, splits], zeros(), false, axes),
    values: tensor('values', [trees, leaves], zeros(), true, axes),
  };
  const counts = tensor('counts', [trees, leaves], zeros(), false, axes); // explanations read them, too
  const inverses = Array.from({ length: WORD }, (_, bit) => 2 ** -bit);
  const powers = constant(inverses, [WORD]);
  const chunk = Math.min(trees, Math.max(1, Math.floor(SPLITS_AT_ONCE / splits)));
  const starts = Array.from({ length: chunk * splits }, (_, split) => split * WORDS);
  const firsts = constant(starts, [chunk * splits, 1]);
  let walked: { readonly of: object; readonly trees: WalkedTrees } | undefined;
  let before = 0;
  const sums = outputs.map((own) => {
    const first = before;
    before += own * rounds;
    const isOf = (tree: number, output: number) =>
      Number(tree >= first && Math.floor((tree - first) / rounds) === output);
    const each = Array.from({ length: trees * outputDim }, (_, i) => {
      const [tree, output] = [Math.floor(i / outputDim), i % outputDim];
      return output < own ? isOf(tree, output) : 0;
    });
    return constant(each, [trees, outputDim]) as tf.Tensor2D;
  });

  /** The values of trees `from` … `from + count` − 1, [count, batch]. Columns come as rows. Only leaves have gradients. */
  const valuesOf = (bins: tf.Tensor, from: number, count: number): tf.Tensor2D =>
    tf.tidy(() => {
      const part = (variable: tf.Tensor) => {
        const whole = variable.shape.slice(1);
        return tf.slice(variable, [from, ...whole.map(() => 0)], [count, ...whole]);
      };
      const leavesOf = (x: tf.Tensor) => {
        const word = tf.floor(tf.mul(tf.add(x, 0.5), 1 / WORD)); // half a bin more: rounding can't reach the next word
        const power = tf.gather(powers, tf.cast(tf.sub(x, tf.mul(word, WORD)), 'int32'));
        const columns = tf.cast(tf.reshape(part(variables.columns), [-1]), 'int32');
        const [ownWord, ownPower] = [tf.gather(word, columns), tf.gather(power, columns)]; // [splits of the trees, batch]
        const places = tf.add(ownWord, tf.slice(firsts, [0, 0], [count * splits, 1]));
        const set = tf.gather(tf.reshape(part(variables.left), [-1]), tf.cast(places, 'int32'));
        const shifted = tf.floor(tf.mul(set, ownPower)); // its lowest bit says whether the bin is in the set
        const goesLeft = tf.sub(shifted, tf.mul(tf.floor(tf.mul(shifted, 0.5)), 2));
        const decisions = tf.reshape(goesLeft, [count, splits, -1]) as tf.Tensor3D;
        const paths = part(variables.paths) as tf.Tensor3D;
        const lefts = tf.sum(tf.relu(paths), 2, true); // how often the way to a leaf goes left
        return tf.relu(tf.sub(tf.matMul(paths, decisions), tf.sub(lefts, 1)));
      };
      const isLeaf = detached(bins, leavesOf); // [count, leaves, batch]: 1 for one leaf
      const values = tf.expandDims(part(variables.values), 2);
      return tf.sum(tf.mul(isLeaf, values), 1) as tf.Tensor2D;
    });

  return {
    levels: [],
    outputDim,
    inputLanes: tasks,
    apply(_, { raw }) {
      const bins = tf.transpose(raw); // [columns, batch]
      const parts = Array.from({ length: Math.ceil(trees / chunk) }, (_, part) =>
        valuesOf(bins, part * chunk, Math.min(chunk, trees - part * chunk)),
      );
      const values = tf.transpose(parts.length === 1 ? parts[0]! : tf.concat(parts)) as tf.Tensor2D; // [batch, trees]
      return new Map(tasks.map((task, t) => [task, tf.matMul(values, sums[t]!)])) as Lanes;
    },
    async learnedCount() {
      const rows = await counts.data<'float32'>();
      const grown = Array.from({ length: trees }, (_, tree) =>
        sum(rows.subarray(tree * leaves, (tree + 1) * leaves), (count) => Number(count > 0)),
      );
      return sum(grown, (own) => (own > 0 ? 2 * own - 1 : 0)); // a tree has a split less than leaves
    },
    async onHost(raw, batch) {
      const of = variables.values.dataId; // training assigns other data
      if (walked?.of !== of) {
        const [columns, left, paths, values] = await Promise.all(
          Object.values(variables).map((variable) => variable.data<'float32'>()),
        );
        walked = { of, trees: walkedTrees({ columns: columns!, left: left!, paths: paths!, values: values! }, sizes) };
      }
      const { trees: grown } = walked;
      let first = 0;
      const vectors = tasks.map((task, t): [string, Float32Array] => {
        const vector = new Float64Array(batch * outputDim);
        for (let output = 0; output < outputs[t]!; output++, first += rounds)
          addTrees(grown, sizes, { from: first, to: first + rounds }, raw, batch, {
            sums: vector,
            offset: output,
            stride: outputDim,
          });
        return [task, Float32Array.from(vector)];
      });
      return new Map(vectors);
    },
  };
}
