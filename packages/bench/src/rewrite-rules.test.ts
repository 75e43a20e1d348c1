import * as tf from '@tensorflow/tfjs';
import {
  forInference,
  forTraining,
  nodeRuntime,
  placeholder,
  trace,
  writeModel,
  type HostTensor,
  type Rewritten,
  type RewriteOptions,
  type TensorSpec,
} from '@polytask/compile';
import { variableInput } from '@polytask/compile/internal';
import {
  lossesOf,
  binary,
  multiTaskModel,
  withRandomTensors,
  allParts,
  presentParts,
  type Schema,
} from '@polytask/core';
import { expect, it } from 'vitest';
import { some } from '../../../cases.base.ts';
import { models } from './index.ts';

const TASKS = ['a', 'b', 'c'];
const SIZE = { levels: [32, 16], experts: 6, tower: [8], embedding: 3 };
/** Many rules rewrite what has 64 rows and more. */
const ROWS = 80;
const SCHEMA: Schema = {
  features: { x: { kind: 'vector', width: 14 }, state: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] } },
  tasks: { a: binary(), b: binary(), c: binary() },
  context: ['state'],
};

/** A graph of a model that can be rewritten without some rules, and numbers to run it on. */
interface Case {
  readonly name: string;
  readonly feeds: Readonly<Record<string, Omit<HostTensor, 'shape'>>>;
  rewrite(options?: RewriteOptions): Rewritten;
}

const ofReals = (length: number, number: (i: number) => number): Omit<HostTensor, 'shape'> => ({
  type: 'float32',
  data: Float32Array.from({ length }, (_, i) => number(i)),
});

/** A training step of 80 rows (the total loss, and the gradient of each parameter), and predictions of 80 rows and of one. */
function casesOf({ name, build }: ReturnType<typeof models>[number]): Case[] {
  const model = multiTaskModel({ schema: SCHEMA, ...build(SIZE, TASKS), seed: 3 });
  const parts = presentParts(model.layout);
  const trainable = model.store.trainable();
  const parameters = Object.fromEntries(
    model.store.all().map(({ variable }) => [variableInput(variable), variable.dataSync<'float32'>().slice()]),
  );
  const features = (rows: number) => ({
    specs: Object.fromEntries(
      parts.map(({ name: part, dtype, width }): [string, TensorSpec] => [part, { shape: [rows, width], dtype }]),
    ),
    of: (tensors: readonly tf.Tensor[]) =>
      allParts(Object.fromEntries(parts.map(({ name: part }, i) => [part, tensors[i]!])), rows),
  });
  const feeds: Record<string, Omit<HostTensor, 'shape'>> = {
    numeric: ofReals(ROWS * model.layout.numeric, (i) => Math.sin(3 * i + 1)),
    ids: { type: 'int32', data: Int32Array.from({ length: ROWS }, (_, i) => i % model.layout.vocabulary) },
    labels: ofReals(ROWS * TASKS.length, (i) => Number(Math.cos(5 * i) > 0.2)),
    ...Object.fromEntries(Object.entries(parameters).map(([input, data]) => [input, { type: 'float32', data }])),
  };

  const train = features(ROWS);
  const step = trace(
    (...tensors) =>
      withRandomTensors(
        (draw) => {
          const input = `random:${Object.keys(feeds).length}`;
          feeds[input] = { type: 'float32', data: draw.sample() };
          return placeholder(input, { shape: draw.shape });
        },
        () => {
          const columns = tf.split(tensors[parts.length]!, TASKS.length, 1).map((column) => tf.reshape(column, [ROWS]));
          const labels = tf.stack(columns) as tf.Tensor2D;
          const batch = { ...train.of(tensors), labels, weights: tf.ones<tf.Rank.R2>([TASKS.length, ROWS]) };
          const { value, grads } = tf.variableGrads(
            () => lossesOf(model, batch, { training: true }).total,
            trainable.map(({ variable }) => variable),
          );
          const ends = trainable.map(({ variable }) => grads[variable.name] ?? tf.zerosLike(variable));
          return { loss: value, gradients: tf.concat(ends.map((gradient) => tf.reshape(gradient, [-1]))) };
        },
      ),
    { ...train.specs, labels: { shape: [ROWS, TASKS.length] } },
  );
  const predictions = [ROWS, 1].map((rows): Case => {
    const { specs, of } = features(rows);
    const forward = trace((...tensors) => model.forward(of(tensors)).logits, specs);
    const rewrite = (options: RewriteOptions = {}) => forInference(forward, parameters, { cpu: true, ...options });
    return { name: `${name}, ${rows} predictions`, feeds, rewrite };
  });
  model.dispose();
  return [{ name: `${name}, a step`, feeds, rewrite: (options) => forTraining(step, options) }, ...predictions];
}

const cases = some(models(), 12).flatMap(casesOf);
const rewritten = cases.map((each) => ({ each, whole: each.rewrite() }));
const rules = [...new Set(rewritten.flatMap(({ whole }) => Object.keys(whole.rewrites)))];

async function run({ graph, outputs }: Rewritten, feeds: Case['feeds']): Promise<Record<string, HostTensor>> {
  const session = await (await nodeRuntime()).load(writeModel(graph, outputs));
  const given = graph.inputs.map(({ input, shape }): [string, HostTensor] => {
    const { type, data } = feeds[input!]!;
    const size = shape.reduce((product, side) => product * side, 1);
    return [input!, { type, shape, data: data.subarray(0, size) }];
  });
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return results;
}

/** The largest difference, in parts of the largest number. */
function apart(a: HostTensor, b: HostTensor): number {
  expect(a.shape).toEqual(b.shape);
  const largest = (numbers: number[]) => numbers.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const numbers = Array.from(a.data, Number);
  return largest(numbers.map((number, i) => number - Number(b.data[i]))) / largest(numbers);
}

it.each(some(rules, 5))('%s rewrites nodes of some model, and the numbers are the same without it', async (rule) => {
  const used = rewritten.filter(({ whole }) => whole.rewrites[rule]! > 0);
  expect(used.length).toBeGreaterThan(0);
  for (const { each, whole } of [used[0]!, used.at(-1)!]) {
    const without = each.rewrite({ without: [rule] });
    const files = [without, whole].map(({ graph, outputs }) => Buffer.from(writeModel(graph, outputs)));
    expect(files[0]!.equals(files[1]!), each.name).toBe(false);
    const [expected, received] = [await run(without, each.feeds), await run(whole, each.feeds)];
    expect(Object.keys(received)).toEqual(Object.keys(expected));
    for (const output of Object.keys(expected)) {
      expect(apart(expected[output]!, received[output]!), `${each.name}: ${output}`).toBeLessThan(1e-6);
    }
  }
});

it('all rules together leave the numbers of all models as they are', async () => {
  for (const { each, whole } of some(rewritten, 8)) {
    const none = each.rewrite({ without: rules.filter((rule) => Object.hasOwn(whole.rewrites, rule)) });
    expect(Object.values(none.rewrites).every((count) => count === 0)).toBe(true);
    const [expected, received] = [await run(none, each.feeds), await run(whole, each.feeds)];
    for (const output of Object.keys(expected)) {
      expect(apart(expected[output]!, received[output]!), `${each.name}: ${output}`).toBeLessThan(1e-6);
    }
  }
});
