import { treeContributions } from '@polytask/boosting';
import { sum } from '@polytask/components';
import { logitsOf, type Batch, type NetworkExplained, type NetworkExplaining } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { featuresOfColumns } from './binned.ts';
import { binIsLeft, treeSizes, walkedTrees, type BoostedTreesSettings, type TreeNumbers } from './tree-arrays.ts';

/** TreeSHAP of the trees of each task. The mean over background rows, if there are any. */
export async function explainTrees({
  config,
  model,
  rows,
  background,
  features,
  signal,
}: NetworkExplaining<BoostedTreesSettings>): Promise<Readonly<Record<string, NetworkExplained>>> {
  const { schema, store, layout } = model;
  const featureOf = featuresOfColumns(layout).map((name) => features.indexOf(name));
  const outputs = Object.entries(schema.tasks).map(([name, task]) => ({ name, width: logitsOf(name, task) }));
  const outputDim = Math.max(...outputs.map(({ width }) => width));
  const sizes = treeSizes(
    config,
    sum(outputs, ({ width }) => width),
  );
  const { rounds, leaves, splits } = sizes;
  const numbersOf = async (name: string) => (await store.get(`trees.${name}`).variable.data()) as Float32Array;
  const [columns, left, paths, values, counts] = await Promise.all(
    ['columns', 'left', 'paths', 'values', 'counts'].map(numbersOf),
  );
  const numbers = { columns, left, paths, values, counts } as TreeNumbers;
  const walked = walkedTrees(numbers, sizes);
  const explainers = Array.from(walked.roots, (root, tree) =>
    treeContributions(
      {
        root,
        column: walked.columns.subarray(tree * splits, (tree + 1) * splits),
        children: walked.children.subarray(tree * splits * 2, (tree + 1) * splits * 2),
        value: walked.values.subarray(tree * leaves, (tree + 1) * leaves),
        count: numbers.counts.subarray(tree * leaves, (tree + 1) * leaves),
        goesLeft: (split, bin) => binIsLeft(walked, tree * splits + split, bin) === 1,
      },
      featureOf,
    ),
  );
  const bins = await binsOf(model, rows);
  const others = background && (await binsOf(model, background));
  let first = 0;
  const explained: Record<string, NetworkExplained> = {};
  for (const { name, width } of outputs) {
    const base = new Float64Array(rows.size * outputDim);
    const contributions = new Float64Array(base.length * features.length);
    for (let output = 0; output < width; output++, first += rounds)
      for (const [r, row] of bins.entries()) {
        await new Promise((resolve) => setTimeout(resolve)); // lets other work run
        signal?.throwIfAborted();
        const at = r * outputDim + output;
        const into = contributions.subarray(at * features.length, (at + 1) * features.length);
        for (let tree = first; tree < first + rounds; tree++)
          for (const other of others ?? [undefined]) base[at]! += explainers[tree]!(row, into, other);
        const count = others?.length ?? 1;
        base[at]! /= count;
        into.forEach((each, f) => (into[f] = each / count));
      }
    explained[name] = { base, contributions };
  }
  return explained;
}

/** The bins of each row. */
async function binsOf(model: NetworkExplaining['model'], batch: Batch): Promise<Float32Array[]> {
  const raw = tf.tidy(() => model.input(model.toTensors(batch)).raw);
  const bins = (await raw.data()) as Float32Array;
  const [, width] = raw.shape;
  raw.dispose();
  return Array.from({ length: batch.size }, (_, row) => bins.subarray(row * width, (row + 1) * width));
}
