import {
  createBalancer,
  gramianOf,
  rotoGrad,
  rotoGradScale,
  turned,
  type BalancerSpec,
  type GramianBalancer,
} from '@polytask/balancing';
import {
  labelsOf,
  randomDraws,
  lossesOf,
  binary,
  defineGate,
  defineNetwork,
  denseSchema,
  fusion,
  load,
  multiTaskModel,
  ownUnits,
  poolUnits,
  toBytes,
  taskLossAt,
  sumGates,
  type Losses,
  type MultiTaskModel,
  type NetworkSpec,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { byTurns } from '../../../../cases.base.ts';
import { compiledEngine } from '../engines/compiled/compiled-engine.ts';
import { eagerEngine } from '../engines/eager-engine.ts';
import { fit } from '../fit/fit.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import {
  tinyExamples,
  tinyExpert,
  tinyGate,
  tinyModel,
  tinyTasks,
  weightsOf,
  WIDTH,
  withBatches,
} from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

const one = defineGate('test.rotated-all', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const seesOwn = defineGate('test.rotated-own', ({ native, constant, members = [], experts }) => {
  const mask = constant(native.flat().map(Number), [members.length, 1, experts]);
  return { reads: 'nothing', apply: () => mask };
});
const attending = defineGate('test.rotated-attends', ({ members = [] }) => ({
  reads: 'nothing',
  attends: true,
  apply: (_, __, outputs) =>
    tf.tile(tf.expandDims(tf.softmax(tf.transpose(tf.mean(outputs!, 2))), 0), [members.length, 1, 1]),
}));
const pool = (gate: ReturnType<typeof one>, experts: number) => (_: object, tasks: readonly string[]) =>
  fusion([{ units: poolUnits(experts), experts: tinyExpert({ units: 4 }), outputs: tasks, gate }]);
const bottom = defineNetwork('test.rotated-bottom', pool(one({ sees: 'all' }), 1));
const gated = defineNetwork('test.rotated-pool', pool(tinyGate({}), 3));
const attends = defineNetwork('test.rotated-attending', pool(attending({}), 3));
const above = defineNetwork('test.rotated-above', (_: object, tasks) =>
  fusion([
    ...pool(one({ sees: 'all' }), 2)({}, tasks).levels,
    { units: ownUnits(tasks), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: seesOwn({}) },
  ]),
);

const ROWS = 24;
const batch = tinyExamples(tinyTasks, ROWS).batch(Uint32Array.from({ length: ROWS }, (_, i) => i));
const modelOf = (network: NetworkSpec) =>
  multiTaskModel({
    schema: denseSchema(WIDTH, tinyTasks),
    network,
    tower: tinyExpert({ units: 3 }),
    seed: 7,
  }) as unknown as MultiTaskModel;

/** A rotation of its own for each task, from the angles of a few planes. */
function rotate(model: MultiTaskModel, size: number): number[][] {
  model.rotate({ size });
  const eye = Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const kernels = model.taskNames.map((_, k) => [
    ...Float32Array.from(
      turned(
        eye,
        eye.map((__, i) => Math.sin(i * i + k)),
        0.7,
      ),
    ),
  ]);
  tf.tidy(() =>
    model.store.get('rotations.kernel').variable.assign(tf.tensor(kernels.flat(), [kernels.length, size, size])),
  );
  return kernels;
}

const numbers = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>().slice();

/** What a step should find, by TF.js's own gradients and plain loops. */
function expectedOf(model: MultiTaskModel, size: number) {
  return tf.tidy(() => {
    const features = model.toTensors(batch);
    const loss = (task: string, taps: object) =>
      taskLossAt(lossesOf(model, features, { training: true, ...taps }), model.taskNames.indexOf(task));
    let [outputs, dim] = [[0], 0];
    lossesOf(model, features, {
      experts: (z) => ((outputs = z.shape), z),
      lanes: (lane, place) => (place === 'heads' && (dim = lane.shape[1]), lane),
    });
    const rows = model.taskNames.map((task) =>
      numbers(tf.grad((by: tf.Tensor) => loss(task, { experts: (z: tf.Tensor) => tf.add(z, by) }))(tf.zeros(outputs))),
    );
    const lanes = model.taskNames.map((task) =>
      numbers(
        tf.grad((by: tf.Tensor) =>
          loss(task, {
            lanes: (lane: tf.Tensor, place: string, names: string[]) =>
              place === 'heads' && names.includes(task) ? tf.add(lane, by) : lane,
          }),
        )(tf.zeros([ROWS, dim])),
      ),
    );
    const { gated: byRow, constant } = sumGates(
      model.network.levels[0]!.weights(model.input(features).lanes, {
        training: true,
        raw: model.input(features).raw,
        addLoss: () => undefined,
      }),
    );
    const [experts] = outputs as [number];
    const w = (k: number, n: number, e: number) =>
      byRow ? numbers(byRow)[(k * ROWS + n) * experts + e]! : numbers(constant!)[k * experts + e]!;
    const lengths = rows.map((row) => Math.hypot(...row));
    const mean = rows[0]!.map((_, i) => rows.reduce((sum, row, k) => sum + row[i]! / lengths[k]!, 0) / rows.length);
    const pulls = lanes.map((lane, k) => {
      const pull = new Array<number>(size * size).fill(0);
      for (let n = 0; n < ROWS; n++) {
        for (let b = 0; b < size; b++) {
          let along = 0;
          for (let e = 0; e < experts; e++) along += w(k, n, e) * mean[(e * ROWS + n) * dim + b]!;
          for (let a = 0; a < size; a++) pull[a * size + b]! += (lane[n * dim + a]! / lengths[k]!) * along;
        }
      }
      return pull;
    });
    const variables = model.store.trainable();
    const gradientOf = (of: (losses: Losses) => tf.Scalar) => {
      const { grads } = tf.variableGrads(
        () => of(lossesOf(model, features, { training: true })),
        variables.map(({ variable }) => variable),
      );
      return variables.map(({ variable }) => numbers(grads[variable.name] ?? tf.zerosLike(variable)));
    };
    const gradients = model.taskNames.map((_, t) => gradientOf((losses) => taskLossAt(losses, t)));
    const entropy = gradientOf(({ auxiliary, total }) => auxiliary['entropy'] ?? tf.mul(0, total));
    return { gramian: gramianOf(rows), pulls, gradients, entropy };
  });
}

describe.each([
  ['eager', 0],
  ['compiled', 1],
] as const)('a step, %s', (engine, turn) => {
  const cases: [string, NetworkSpec, number][] = [
    ['one vector for all heads', bottom({}), 4],
    ['gates over a pool', gated({}), 4],
    ['the first features only', gated({}), 3],
  ];
  it.each(byTurns(cases, turn))(
    'turns rotations as they pull, scales the shared parameters, and leaves heads their gradient: %s',
    async (_, network, size) => {
      const model = modelOf(network);
      const kernels = rotate(model, size);
      const { gramian, pulls, gradients, entropy } = expectedOf(model, size);
      const before = weightsOf(model);
      const step = await (engine === 'eager' ? eagerEngine : compiledEngine()).train(model, {
        optimizer: sgd(0.1),
        clip: {},
        balancing: rotoGrad({ size, learningRate: 0.3 }),
      });
      const { balancing } = await step.run(batch, 0.1);
      await step.close();
      const after = weightsOf(model);

      const scale = createBalancer(rotoGradScale(), {
        tasks: model.taskNames,
        random: randomDraws(model.store.stream('x')),
      }) as GramianBalancer;
      const weights = scale.weights({ step: 0, epoch: 0 }, { losses: [1, 1, 1], gramian });
      model.taskNames.forEach((task, k) => expect(balancing!.weights![task]! / weights[k]!).toBeCloseTo(1, 4));
      const next = kernels.flatMap((kernel, k) => [...turned(kernel, pulls[k]!, 0.3)]);
      next.forEach((value, i) => expect(after['rotations.kernel']![i]).toBeCloseTo(value, 4));
      expect(Math.max(...next.map((value, i) => Math.abs(value - kernels.flat()[i]!)))).toBeGreaterThan(0.005);
      model.store.trainable().forEach(({ name }, v) => {
        const isShared = name.startsWith('levels.0.experts');
        before[name]!.forEach((value, p) => {
          const sum = gradients.reduce(
            (all, of, k) => all + (isShared ? weights[k]! : 1) * of[v]![p]!,
            entropy[v]![p]!,
          );
          expect((value - after[name]![p]!) / 0.1).toBeCloseTo(sum, 3);
        });
      });
      model.dispose();
    },
  );
});

const opposed = { yes: binary(), no: binary() };
const single = { yes: binary() };
/** The second task's labels are the first's, turned round. */
const against = withBatches(tinyExamples(opposed, 128), (batch) => {
  const [yes, no] = [labelsOf(batch, 'yes'), labelsOf(batch, 'no')];
  no.labels.set(yes.labels.map((label) => 1 - label));
  no.weights.set(yes.weights);
  return batch;
});

/** The largest number of K Kᵀ − 1, over all tasks. */
function excess(model: { readonly store: MultiTaskModel['store'] }): number {
  const { variable } = model.store.get('rotations.kernel');
  return tf.tidy(
    () => tf.max(tf.abs(tf.sub(tf.matMul(variable, variable, false, true), tf.eye(variable.shape[1]!)))).dataSync()[0]!,
  );
}

describe('training', () => {
  it('turns the gradients of opposite labels the same way, where scaling leaves them apart; rotations stay rotations, and are saved and loaded', async () => {
    const run = async (balancing: BalancerSpec) => {
      const model = multiTaskModel({ schema: against.schema, network: bottom({}), seed: 7 });
      const { history } = await fit(model, against, { balancing, epochs: 40, batchSize: 64, optimizer: adam(1e-3) });
      return { model, cosines: history.map((report) => report.balancing!.gradients!.cosine) };
    };
    const [scaled, turning] = [await run(rotoGradScale({ of: 'representation' })), await run(rotoGrad())];
    expect(scaled.cosines[0]).toBeCloseTo(turning.cosines[0]!, 1);
    expect(Math.abs(scaled.cosines.at(-1)!)).toBeLessThan(0.2);
    expect(turning.cosines.at(-1)).toBeGreaterThan(0.9);
    expect(scaled.model.rotations).toBeUndefined();
    expect(excess(turning.model)).toBeLessThan(1e-5);
    expect(turning.model.config.rotations).toEqual({});
    const loaded = await load<typeof opposed>(await toBytes(turning.model));
    const rows = Array.from({ length: 5 }, (_, r) => ({
      x: Array.from({ length: WIDTH }, (__, i) => Math.sin(r + 7 * i)),
    }));
    expect(loaded.predict(rows)).toEqual(turning.model.predict(rows));
    for (const model of [scaled.model, turning.model, loaded]) model.dispose();
  });

  it('with one task is training without a balancer, and adds nothing to the model', async () => {
    const examples = tinyExamples(single, 70);
    const run = async (balancing?: ReturnType<typeof rotoGrad>) => {
      const model = tinyModel({ tasks: single });
      await fit(model, examples, { epochs: 2, batchSize: 32, optimizer: sgd(0.05), ...(balancing && { balancing }) });
      const weights = weightsOf(model);
      model.dispose();
      return weights;
    };
    const [plain, balanced] = [await run(), await run(rotoGrad())];
    expect(Object.keys(balanced)).toEqual(Object.keys(plain));
    for (const [name, values] of Object.entries(plain))
      values.forEach((value, i) => expect(balanced[name]![i]).toBeCloseTo(value, 5));
  });

  it('keeps the rotations of a model that goes on under another balancer', async () => {
    const model = multiTaskModel({ schema: against.schema, network: bottom({}), seed: 7 });
    await fit(model, against, { balancing: rotoGrad({ size: 2 }), epochs: 1, batchSize: 64 });
    const kernel = weightsOf(model)['rotations.kernel']!;
    expect(kernel).not.toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    for (const engine of ['eager', 'compiled'] as const)
      await fit(model, against, { epochs: 1, batchSize: 64, engine });
    expect(weightsOf(model)['rotations.kernel']).toEqual(kernel);
    await expect(fit(model, against, { balancing: rotoGrad({ size: 3 }), epochs: 1, engine: 'eager' })).rejects.toThrow(
      'Expected rotations of 2 features, as the model has them, received 3.',
    );
    model.dispose();
  });

  it.each([
    ['experts of single tasks above the shared ones', above({}), 'sharing that ends at levels.0, of 2 levels'],
    ['a gate that reads the experts', attends({}), "gates that do, or experts that some of their readers don't train"],
  ])('says where rotations can’t be: %s', async (_, network, received) => {
    const model = modelOf(network);
    await expect(eagerEngine.train(model, { optimizer: sgd(0.1), clip: {}, balancing: rotoGrad() })).rejects.toThrow(
      `Expected a last level of experts that several tasks take from, by gates that don't read those experts, for rotograd to turn what heads read, received ${received}. Scale gradients alone, by rotoGradScale({ of: 'representation' }), or share experts at the last level.`,
    );
    expect(model.rotations).toBeUndefined();
    model.dispose();
  });
});
