import {
  binary,
  embed,
  lossesOf,
  multiclass,
  multiTaskModel,
  taskLossAt,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';
import { ensemble, ensembleInput, mmoe, noFusion } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { tinyBatch } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { type ModelParts, models } from './models.ts';

beforeAll(() => tf.setBackend('cpu'));

const MEMBERS = 3;
const ROWS = 8;
const size = { levels: [8, 6], experts: 6, tower: [3], embedding: 3 };
const features: Schema['features'] = {
  x: { kind: 'vector', width: 4 },
  state: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] },
};
const schemaOf = (name: string): Schema => ({
  features,
  context: ['state'],
  tasks: {
    a: binary(),
    b: binary(),
    ...(!['esmm', 'aitm', 'escm2-ips', 'escm2-dr', 'dcmt'].includes(name) && {
      c: multiclass({ classes: ['x', 'y', 'z'] }),
    }),
  },
});

/** Writes member `i` into a model of one member: its scales belong to the kernels, its biases and heads are the model's. */
function extract(model: MultiTaskModel, i: number, plain: MultiTaskModel): void {
  const own = (variable: tf.Tensor, shape: readonly number[], bank = shape.length < 3 ? 1 : shape[0]!) =>
    tf.reshape(tf.slice(tf.reshape(variable, [bank, MEMBERS, -1]), [0, i, 0], [-1, 1, -1]), [...shape]);
  for (const { name, variable } of plain.store.all()) {
    const scale = name.endsWith('kernel') ? name.replace(/kernel$/, 'scale') : '';
    const shared = model.store.get(name).variable;
    const value = shared.size === variable.size ? shared : own(shared, variable.shape);
    if (!model.store.has(scale)) variable.assign(value);
    else {
      const columns = [...variable.shape.slice(0, -2), 1, variable.shape.at(-1)!];
      variable.assign(tf.mul(value, own(model.store.get(scale).variable, columns)));
    }
  }
  for (const table of plain.store.tables())
    table.set(model.store.tables().find(({ name }) => name === table.name)!.values);
}

/** Changes scales and biases, and lets the experts of the first level read the input as it is. */
function vary({ store }: MultiTaskModel): void {
  for (const { name, variable } of store.all()) {
    const noise = tf.randomUniform(variable.shape, -0.5, 0.5, 'float32', name.length);
    if (/^(members\.\d\.)?levels\.0\.scale$/.test(name)) variable.assign(tf.ones(variable.shape));
    else if (/(scale|bias)$/.test(name)) variable.assign(tf.add(variable, noise));
  }
}

const rows = [
  ...models()
    .filter(({ name }) => name !== 'gradient-boosting') // has no weights to share, and refuses members
    .map(({ name, build }) => [name, build] as const),
  [
    'ensemble',
    (): ModelParts => ({
      network: ensemble({
        members: [
          { network: mmoe({ levels: [{ experts: mlp([4]), pool: 3 }] }), tower: mlp([3]) },
          { network: noFusion() },
        ],
      }),
      input: ensembleInput({ members: [embed({ dimension: 3 }), embed({ dimension: 2 })] }),
    }),
  ] as const,
];

test.each(some(rows, 4))(
  'each member of %s is a model of one member, and they are trained and averaged together',
  (name, build) => {
    const schema = schemaOf(name);
    const names = Object.keys(schema.tasks);
    const parts = build(size, names, { contexts: ['state'] });
    const [plain, model] = [1, MEMBERS].map((members) => multiTaskModel({ schema, ...parts, members, seed: 3 })) as [
      MultiTaskModel,
      MultiTaskModel,
    ];
    tf.tidy(() => vary(model));
    const batch = tinyBatch(model, ROWS);
    const lossesIn = (each: MultiTaskModel) => {
      const losses = lossesOf(each, each.toTensors(batch));
      return names.map((_, t) => taskLossAt(losses, t).dataSync()[0]!);
    };
    tf.tidy(() => {
      const { logits } = model.forward(model.toTensors(batch));
      const predicted = model.predict(batch);
      const sums = names.map((task) => new Float64Array(predicted[task]!.length));
      const losses = names.map(() => 0);
      for (let i = 0; i < MEMBERS; i++) {
        extract(model, i, plain);
        const { logits: expected } = plain.forward(plain.toTensors(batch));
        for (const task of names) {
          const own = tf.slice(logits[task]!, [i * ROWS, 0], [ROWS, -1]);
          expect(tf.max(tf.abs(tf.sub(own, expected[task]!))).dataSync()[0], `${task}, member ${i}`).toBeLessThan(1e-5);
        }
        const scores = plain.predict(batch);
        names.forEach((task, t) => scores[task]!.forEach((score, at) => (sums[t]![at]! += score / MEMBERS)));
        lossesIn(plain).forEach((loss, t) => (losses[t]! += loss / MEMBERS));
      }
      names.forEach((task, t) => predicted[task]!.forEach((score, at) => expect(score).toBeCloseTo(sums[t]![at]!, 5)));
      lossesIn(model).forEach((loss, t) => expect(loss).toBeCloseTo(losses[t]!, 5));
    });
    for (const each of [plain, model]) each.dispose();
  },
);
