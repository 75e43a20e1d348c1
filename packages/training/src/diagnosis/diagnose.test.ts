import { pcGrad } from '@polytask/balancing';
import {
  binary,
  checks,
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  denseSchema,
  type ExpertSpec,
  fusion,
  multiTaskModel,
  randomStream,
  regression,
  sharedUnit,
  type Tasks,
} from '@polytask/core';
import { auc } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import { adam } from '../optimizers/adam.ts';
import { type LearningRate, piecewise } from '../schedules/schedules.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf, WIDTH, withBatches } from '../testing/tiny.ts';
import { diagnose } from './diagnose.ts';
import { judgeTask, standardErrorOfHalf } from './judge.ts';

beforeAll(() => tf.setBackend('cpu'));

const quick = { batchSize: 100, epochs: 8, optimizer: adam(0.02), engine: 'eager', progress: false } as const;
const eager = { engine: 'eager', rows: 400 } as const;
const yesNo = { click: binary(), like: binary() };

const relu = defineExpert(
  'test.diagnosed-relu',
  (builder, { units }) => ({
    outputDim: units,
    apply: dense(builder, { inputDim: builder.inputDim, units, activation: 'relu' }),
  }),
  { options: { units: checks.optional(checks.wholeNumber(1), 4) } },
);
/** Loud noise, which a gate learns to leave out. */
const noisy = defineExpert(
  'test.diagnosed-noise',
  () => ({ outputDim: 4, apply: (x) => tf.mul(50, tf.sin(tf.mul(1e4, tf.slice(x, [0, 0], [-1, 4])))) }),
  { bankable: false },
);
const softmax = defineGate('test.diagnosed-softmax', ({ overExperts, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return { reads: 'unit', apply: (x, call) => tf.softmax(scores(x, call)) };
});
const pool = defineNetwork(
  'test.diagnosed-pool',
  ({ experts }, tasks) => fusion([{ units: sharedUnit(experts.length), experts, outputs: tasks, gate: softmax() }]),
  { options: { experts: checks.listOf(checks.component('expert')) } },
);
const pooled = <T extends Tasks>(tasks: T, experts: readonly ExpertSpec[], seed = 7) =>
  multiTaskModel({ schema: denseSchema(WIDTH, tasks), network: pool({ experts }), seed });

test.each([1, 2, 3])('nothing is found in a healthy model, which stays the same: seed %i', async (seed) => {
  const [train, test] = [tinyExamples(tinyTasks, 400, seed), tinyExamples(tinyTasks, 300, seed + 100)];
  const model = tinyModel({ seed });
  const { warnings } = await fit(model, train, { ...quick, validation: test });
  const before = weightsOf(model);
  expect(await diagnose(model, { train, test }, eager)).toEqual([]);
  expect(warnings.filter(({ kind }) => kind !== 'still-improving')).toEqual([]);
  expect(weightsOf(model)).toEqual(before);
});

test('a rate that is much too high kills rectified experts, and the output is constant', async () => {
  const train = tinyExamples(yesNo, 400, 1);
  const model = pooled(yesNo, [relu({ units: 1 }), relu({ units: 1 })], 2);
  await fit(model, train, { ...quick, epochs: 3, optimizer: adam(30) });
  const found = await diagnose(model, { train }, eager);
  expect(found.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['dead-expert', 'constant-output']));
  for (const { kind, evidence } of found) if (kind === 'dead-expert') expect(evidence['deviation']).toBe(0);
  expect(found.find(({ kind }) => kind === 'dead-expert')!.message).toContain('it is dead. Lower the learning rate');
});

test('labels that the features do not tell leave the AUC at ½, learned by heart or not', async () => {
  const chance = randomStream(5, 'labels').uniform(4000);
  const guessed = (rows: number, from: number) =>
    withBatches(tinyExamples(yesNo, rows, from), (batch) => ({
      ...batch,
      // by a hash of the row's first number
      labels: batch.labels.map((_, i) => {
        const x = Math.floor(Math.abs(batch.numeric[(i % batch.size) * WIDTH]! * 1e5)) % chance.length;
        return Number(chance[x]! < 0.5);
      }),
    }));
  const [train, held] = [guessed(400, 1), guessed(400, 2)];
  const model = tinyModel({ tasks: yesNo, units: 4 });
  await fit(model, train, quick);
  const found = await diagnose(model, { train, validation: held }, eager);
  expect(found.map(({ kind }) => kind)).toEqual(['auc-at-half', 'auc-at-half']);
  const [first] = found;
  const { auc: area, chance: limit } = first!.evidence as { auc: number; chance: number };
  expect(Math.abs(area - 0.5)).toBeLessThan(1.5 * (limit - 0.5)); // three standard errors
  expect(first!.message).toMatch(/^Task click has an AUC of 0\.\d{3}, 0\.\d{3} on training rows\. Chance gives up to/);
  const few = await diagnose(model, { train, test: guessed(40, 3) }, eager);
  expect(few.filter(({ kind }) => kind === 'auc-at-half')).toEqual([]); // nobody can say, on 40 rows
});

test('the standard error at ½ is that of guesses', () => {
  const labels = Float64Array.from({ length: 60 }, (_, row) => Number(row % 3 === 0));
  const guesses = randomStream(1, 'guesses').uniform(60 * 2000);
  const areas = Array.from({ length: 2000 }, (_, i) => auc(labels, guesses.subarray(60 * i, 60 * (i + 1))));
  const spread = Math.sqrt(areas.reduce((sum, each) => sum + (each - 0.5) ** 2, 0) / areas.length);
  expect(standardErrorOfHalf(labels) / spread).toBeCloseTo(1, 1);
});

test('a gate learns to leave out an expert of noise, and always picks the other', async () => {
  const train = tinyExamples(yesNo, 400, 1);
  const model = pooled(yesNo, [relu({}), noisy()]);
  await fit(model, train, { ...quick, epochs: 12, rates: { 'levels.0.gates.*': 30 } });
  const found = await diagnose(model, { train }, eager);
  const ofGates = found.filter(({ kind }) => kind === 'dead-expert' || kind === 'one-expert');
  expect(ofGates).toMatchObject([
    { kind: 'dead-expert', evidence: { level: 0, expert: 'shared.1' } },
    { kind: 'one-expert', evidence: { level: 0, output: 'click', expert: 'shared.0' } },
    { kind: 'one-expert', evidence: { level: 0, output: 'like', expert: 'shared.0' } },
  ]);
  expect(ofGates[0]!.message).toMatch(
    /^Expert shared\.1 of level 0 has at most \S+ of the weights of any output: no gate/,
  );
});

test('the gradient of a task with a large weight drowns the others, unless a balancer cares for them', async () => {
  const tasks = { hours: regression({ weight: 1000 }), click: binary() };
  const train = tinyExamples(tasks, 400, 1);
  const model = pooled(tasks, [relu({}), relu({})]);
  await fit(model, train, { ...quick, epochs: 3 });
  const found = await diagnose(model, { train }, eager);
  expect(found.filter(({ kind }) => kind === 'drowned-task')).toMatchObject([
    { about: { task: 'click' }, evidence: { by: 'hours' } },
  ]);
  const balanced = await diagnose(model, { train }, { ...eager, balancing: pcGrad() });
  expect(balanced.filter(({ kind }) => kind === 'drowned-task')).toEqual([]);
});

test('a model that learned nothing is worse than a constant, and the message says where to look', async () => {
  const train = tinyExamples({ hours: regression() }, 40, 1);
  const held = tinyExamples({ hours: regression() }, 200, 2);
  const model = tinyModel({ tasks: { hours: regression() }, units: 4 });
  await fit(model, train, { ...quick, epochs: 1, optimizer: adam(1e-9) });
  const [untrained] = await diagnose(model, { train, test: held }, eager);
  expect(untrained).toMatchObject({ kind: 'worse-than-constant', about: { task: 'hours' } });
  expect(untrained!.message).toContain('learns nothing: look for a learning rate (findLearningRate)');
  const alike = { predicted: predictionsOf(1), normalizedLoss: 0.4 };
  const [overfit] = judgeTask('hours', regression(), alike, { ...alike, normalizedLoss: 1.3 }, { family: 'gradients' });
  expect(overfit!.message).toContain(
    'It is 0.400 on training rows, so it overfits, or these rows are unlike the training rows',
  );
});

test('without training rows the remedy is to look at them, and all else is found', async () => {
  const tasks = { hours: regression() };
  const model = tinyModel({ tasks, units: 4 });
  const [found] = await diagnose(model, { test: tinyExamples(tasks, 200, 2) }, eager);
  expect(found).toMatchObject({ kind: 'worse-than-constant', about: { task: 'hours' } });
  expect(found!.message).toMatch(
    /^Task hours: worse than predicting the mean \(RMSE \S+ times the deviation\)\. Diagnose it on training rows, too\./,
  );
  const guesses = { labels: Float64Array.from({ length: 400 }, (_, row) => row % 2), rows: new Uint32Array(400) };
  const predictions = guesses.labels.map((_, row) => (row % 20) / 20 + 0.01);
  const alike = { predicted: { ...guesses, predictions, weights: predictions }, normalizedLoss: 1 };
  const [half] = judgeTask('click', binary(), undefined, alike, { family: 'gradients' });
  expect(half).toMatchObject({ kind: 'auc-at-half', evidence: { trained: undefined } });
  expect(half!.message).toMatch(/^Task click has an AUC of 0\.5\d\d\. Chance .*Diagnose it on training rows, too\./);
  await expect(diagnose(model, {}, eager)).rejects.toThrow('Expected rows to diagnose, received none');
});

test('advice for trees names their options, and none of a training by gradients', () => {
  const labels = Float64Array.from({ length: 400 }, (_, row) => row % 2);
  const weights = labels.map(() => 1);
  const judged = (predictions: Float64Array, normalizedLoss: number) => ({
    ...{ predicted: { labels, predictions, weights, rows: new Uint32Array(400) }, normalizedLoss },
  });
  const [same, guessed, good] = [labels.map(() => 0.5), labels.map((_, row) => (row % 20) / 20 + 0.01), labels];
  const adviceOn = (
    train: Float64Array | undefined,
    held: Float64Array,
    task: ReturnType<typeof binary> | ReturnType<typeof regression> = binary(),
  ) =>
    judgeTask('a', task, train && judged(train, 0.4), judged(held, 1.2), { family: 'trees' }).map(
      ({ message }) => message,
    );
  const all = [
    ...adviceOn(same, same),
    ...adviceOn(good, guessed),
    ...adviceOn(guessed, guessed),
    ...adviceOn(undefined, guessed),
    ...adviceOn(good, guessed, regression()),
  ];
  expect(all).toHaveLength(5);
  expect(all[0]).toContain('allow smaller leaves (minDataInLeaf)');
  expect(all[1]).toContain('use fewer leaves (numLeaves)');
  expect(all.join(' ')).not.toMatch(/learning rate|gradients|dropout|weight decay|stop early|network/);
});

/** Labels 0 … 9, predicted with this deviation over that of the labels. */
const predictionsOf = (deviation: number) => {
  const labels = Float64Array.from({ length: 10 }, (_, row) => row);
  return {
    labels,
    predictions: labels.map((label) => 4.5 + deviation * (label - 4.5)),
    rows: new Uint32Array(10),
    weights: labels,
  };
};

test('an output is constant below a thousandth of the deviation of the labels, in their unit', () => {
  const kindsAt = (deviation: number) => {
    const judged = { predicted: predictionsOf(deviation), normalizedLoss: 0.9 };
    return judgeTask('hours', regression(), judged, judged).map(({ kind }) => kind);
  };
  expect(kindsAt(1.01e-3)).toEqual([]);
  expect(kindsAt(0.99e-3)).toEqual(['constant-output']);
});

test('fit warns of a loss that does not fall, or explodes', async () => {
  const tasks = { hours: regression() };
  const train = tinyExamples(tasks, 200, 1);
  const kindsAt = async (rate: LearningRate) => {
    const model = tinyModel({ tasks, units: 4 });
    const { warnings } = await fit(model, train, { ...quick, epochs: 3, optimizer: adam(rate) });
    return warnings.map(({ kind }) => kind);
  };
  expect(await kindsAt(1e-8)).toEqual(['loss-not-falling']);
  expect(await kindsAt(piecewise(0.02, [{ after: { epochs: 2 }, value: 30 }]))).toEqual(['exploding-loss']);
  expect(await kindsAt(0.02)).toEqual([]);
});

test('an unknown option is refused', async () => {
  const train = tinyExamples(yesNo, 10, 1);
  await expect(diagnose(tinyModel({ tasks: yesNo }), { train }, { row: 1 } as object)).rejects.toThrow(/"row"/);
});
