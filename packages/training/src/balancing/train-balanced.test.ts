import {
  createBalancer,
  gramianOf,
  mgda,
  nashMtl,
  plainSum,
  type BalancerSpec,
  type GramianBalancer,
} from '@polytask/balancing';
import {
  randomDraws,
  lossesOf,
  taskLossAt,
  type Losses,
  type Batch,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { byTurns } from '../../../../cases.base.ts';
import { compiledEngine } from '../engines/compiled/compiled-engine.ts';
import { eagerEngine } from '../engines/eager-engine.ts';
import { clipFlat, clipped } from '../optimizers/clip.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyModel, tinyTasks } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

const RATE = 0.1;
const batch = tinyExamples(tinyTasks, 24).batch(Uint32Array.from({ length: 24 }, (_, i) => i));

const values = (model: MultiTaskModel<Tasks>): Float32Array => {
  const all = model.store.trainable().map(({ variable }) => variable.dataSync<'float32'>());
  return Float32Array.from(all.flatMap((numbers) => [...numbers]));
};

/** The gradient of one of the model's losses, all parameters end to end: TF.js's own, without any of the code under test. */
function gradientOf(model: MultiTaskModel<Tasks>, rows: Batch, loss: (losses: Losses) => tf.Scalar): Float32Array {
  return tf.tidy(() => {
    const variables = model.store.trainable().map(({ variable }) => variable);
    const { grads } = tf.variableGrads(
      () => loss(lossesOf(model, model.toTensors(rows), { training: true })),
      variables,
    );
    const all = variables.map((variable) => (grads[variable.name] ?? tf.zerosLike(variable)).dataSync<'float32'>());
    return Float32Array.from(all.flatMap((numbers) => [...numbers]));
  });
}

/** The numbers of the experts, the only ones that tasks share here. */
const isShared = (model: MultiTaskModel<Tasks>): boolean[] =>
  model.store
    .trainable()
    .flatMap(({ name, variable }) => new Array<boolean>(variable.size).fill(name.startsWith('levels.0.experts')));

async function stepped(balancing: BalancerSpec, engine: 'eager' | 'compiled', rows = batch) {
  const model = tinyModel() as unknown as MultiTaskModel<Tasks>;
  const before = values(model);
  const step = await (engine === 'eager' ? eagerEngine : compiledEngine()).train(model, {
    optimizer: sgd(RATE),
    clip: {},
    balancing,
  });
  const { balancing: report } = await step.run(rows, RATE);
  await step.close();
  return { gradient: values(model).map((value, p) => (before[p]! - value) / RATE), report: report!, model };
}

describe.each([
  ['eager', 0],
  ['compiled', 1],
] as const)('%s', (engine, turn) => {
  const balancers: [string, BalancerSpec][] = [
    ['mgda', mgda()],
    ['nash-mtl', nashMtl()],
  ];
  it.each(byTurns(balancers, turn))(
    '%s: shared parameters get Σ w_i g_i, others the gradient of their task, and the losses of gates are added',
    async (_, balancing) => {
      const { gradient, report } = await stepped(balancing, engine);
      const model = tinyModel() as unknown as MultiTaskModel<Tasks>;
      const shared = isShared(model);
      const rows = model.taskNames.map((_, t) => gradientOf(model, batch, (losses) => taskLossAt(losses, t)));
      const entropy = gradientOf(model, batch, ({ auxiliary }) => auxiliary['entropy']!);
      const gramian = gramianOf(rows.map((row) => row.filter((__, p) => shared[p])));
      const balancer = createBalancer(balancing, {
        tasks: model.taskNames,
        random: randomDraws(model.store.stream('x')),
      }) as GramianBalancer;
      const weights = balancer.weights({ step: 0, epoch: 0 }, { losses: [1, 1, 1], gramian });
      model.taskNames.forEach((name, i) => expect(report.weights![name]).toBeCloseTo(weights[i]!, 4));
      shared.forEach((isIt, p) => {
        const sum = rows.reduce((all, row, i) => all + (isIt ? weights[i]! : 1) * row[p]!, 0);
        expect(gradient[p]).toBeCloseTo(sum + entropy[p]!, 4);
      });
      model.dispose();
    },
  );

  it('at the representation the Gramian is that of the experts’ outputs, and a task with weight 0 trains its own parameters', async () => {
    const { gradient, report } = await stepped(mgda({ of: 'representation' }), engine);
    const model = tinyModel() as unknown as MultiTaskModel<Tasks>;
    const slopes = tf.tidy(() => {
      const rows = model.toTensors(batch);
      return model.taskNames.map((_, t) =>
        tf
          .grad((shift: tf.Tensor) =>
            taskLossAt(lossesOf(model, rows, { training: true, experts: (z) => tf.add(z, shift) }), t),
          )(tf.zeros([6, 24, 4]))
          .dataSync<'float32'>(),
      );
    });
    const balancer = createBalancer(mgda(), { tasks: model.taskNames, random: randomDraws(model.store.stream('x')) });
    const weights = balancer.weights({ step: 0, epoch: 0 }, { losses: [1, 1, 1], gramian: gramianOf(slopes) });
    expect(Math.min(...weights)).toBeLessThan(0.2);
    model.taskNames.forEach((name, i) => expect(report.weights![name]).toBeCloseTo(weights[i]!, 4));
    const rows = model.taskNames.map((_, t) => gradientOf(model, batch, (losses) => taskLossAt(losses, t)));
    const entropy = gradientOf(model, batch, ({ auxiliary }) => auxiliary['entropy']!);
    isShared(model).forEach((isIt, p) => {
      const sum = rows.reduce((all, row, i) => all + (isIt ? weights[i]! : 1) * row[p]!, 0);
      expect(Math.abs(gradient[p]! - sum - entropy[p]!)).toBeLessThan(1e-4);
    });
    model.dispose();
  });

  it('reports how gradients stand to each other, without the task that has no label', async () => {
    const { report } = await stepped(plainSum(), engine);
    expect(report.gradients!.cosine).toBeGreaterThan(-1);
    expect(report.gradients!.magnitudeRatio).toBeGreaterThan(1);
    const unlabeled = { ...batch, weights: batch.weights.map((weight, i) => (i < 24 ? weight : 0)) };
    const alone = await stepped(mgda(), engine, unlabeled);
    expect(alone.report.weights).toEqual({ click: 1, stars: 0, minutes: 0 });
    expect(alone.report.gradients).toEqual({ cosine: NaN, magnitudeRatio: NaN, conflicts: NaN });
  });
});

it('clips flat gradients as it does tensors', () => {
  const numbers = [3, -4, 0.1, 0, 12];
  for (const clip of [{}, { value: 2 }, { norm: 1 }, { value: 5, norm: 100 }, { value: 2, norm: 1.5 }]) {
    const [tensor] = tf.tidy(() => clipped([tf.tensor1d(numbers)], clip).map((each) => each.dataSync()));
    clipFlat(Float32Array.from(numbers), clip).forEach((value, i) => expect(value).toBeCloseTo(tensor![i]!, 6));
  }
});
