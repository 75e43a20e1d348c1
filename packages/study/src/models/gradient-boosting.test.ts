import { gradientBoosting } from '@polytask/baselines';
import { binary, denseSchema, emptyBatch, labelsOf, layoutOf, multiTaskModel, regression } from '@polytask/core';
import { encodedTable } from '@polytask/data';
import { counterRandom } from '@polytask/metrics';
import { earlyStopping, evaluate, fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { explainModel } from '../explain/explain-model.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { runStudy } from '../run-study.ts';
import { createSuite } from '../suites/suite.ts';
import { inProcess } from '../trials/executor.ts';
import { openData } from '../trials/open-data.ts';
import { memoryStore } from '../trials/run-trials.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const schema = denseSchema(3, { click: binary(), minutes: regression({ scale: 'none' }) });

/** click is an exclusive or of two features, which no linear model knows. */
function table(size: number, seed: number) {
  const random = counterRandom(seed);
  const batch = emptyBatch(size, layoutOf(schema), ['click', 'minutes']);
  batch.weights.fill(1);
  for (let row = 0; row < size; row++) {
    const x = [random() - 0.5, random() - 0.5, random()];
    batch.numeric.set(x, 3 * row);
    labelsOf(batch, 'click').labels[row] = Number(x[0]! * x[1]! > 0);
    labelsOf(batch, 'minutes').labels[row] = 3 * x[2]! + x[0]!;
  }
  return encodedTable(schema, batch);
}

test('fit grows the trees, and both engines score them alike', async () => {
  const [train, validation] = [table(500, 1), table(200, 2)];
  const model = multiTaskModel({
    schema,
    ...gradientBoosting({ numIterations: 20, learningRate: 0.3, numLeaves: 8 }),
    seed: 1,
  });
  const { history, engine } = await fit(model, train, {
    ...{ validation, stopping: earlyStopping(), engine: 'eager', progress: false },
  });
  expect(engine).toBe('gradient-boosting');
  expect(history[0]!.validation!.click.auc).toBeGreaterThan(0.97);
  const [eager, compiled] = [
    await evaluate(model, validation, { engine: 'eager' }),
    await evaluate(model, validation, { engine: 'compiled' }),
  ];
  expect(compiled.click.logLoss).toBeCloseTo(eager.click.logLoss, 5);
  expect(compiled.minutes.rmse).toBeCloseTo(eager.minutes.rmse, 5);
  model.dispose();
});

test('its permutation importance is that of the features that its trees read', async () => {
  const train = table(500, 1);
  const model = multiTaskModel({
    schema,
    ...gradientBoosting({ numIterations: 20, learningRate: 0.3, numLeaves: 8 }),
    seed: 1,
  });
  await fit(model, train, { engine: 'eager', progress: false });
  const { importance, segments } = await explainModel(model, table(200, 2), { repeats: 1 });
  expect(importance!.click.features[0]!.drop).toBeGreaterThan(0.1);
  expect(segments[0]!.fusion).toEqual([]);
  model.dispose();
});

/** A small comparison, with a search that only single-task has. */
const small = (more: { readonly balancers?: readonly string[] } = {}) =>
  createSuite({
    suite: {
      ...{ name: 'small', extends: 'synthetic', data: { rows: 100 }, seeds: [1, 2], ...more },
      models: ['single-task', { model: 'gradient-boosting', network: { numIterations: 5, numLeaves: 4 } }],
      search: { method: 'grid', space: { learningRate: { choices: [1e-2, 1e-3] } } },
    },
    epochs: 1,
    limitRows: 100,
    size: { levels: [4], experts: 4, tower: [2], embedding: 2 },
  });

test('a comparison has its row, which is not searched', async () => {
  const suite = await small();
  const data = openData(() => Promise.resolve(suite.entry));
  const { summaries, trials } = await runStudy(suite, {
    ...{ engine: { name: 'cpu', mode: 'eager' }, data, executor: inProcess(data), store: memoryStore() },
  });
  const own = trials.filter(({ model }) => model === 'gradient-boosting');
  expect(own).toHaveLength(2);
  for (const trial of own) {
    expect(trial).toMatchObject({ sharesLayers: false, epochs: 1, bestEpoch: 1, fusion: [] });
    expect(trial.config.model.chosen).toBeUndefined();
    // the splits and leaves that trees have, of 3 outputs with at most 5 rounds and 4 leaves
    expect(trial.parameters).toBeGreaterThanOrEqual(3 * (1 + 2));
    expect(trial.parameters).toBeLessThanOrEqual(3 * 5 * (3 + 4));
    expect(trial).not.toHaveProperty('multiplyAdds');
  }
  expect(renderMarkdown(comparisonDocument({ summaries, trials }))).toContain('| gradient-boosting |');
});

test('balancers are for other models', async () => {
  const { models } = await small({ balancers: ['uw'] });
  expect(models.map(({ label }) => label)).toEqual([
    'single-task',
    'single-task + tuned-weights',
    'single-task + uw',
    'gradient-boosting',
  ]);
});
