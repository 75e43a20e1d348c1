import { readParameters, writeParameters, type MultiTaskModel, type NamedTensor, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { eagerEngine } from '../engines/eager-engine.ts';
import type { Engine } from '../engine.ts';
import { adam } from '../optimizers/adam.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';
import { fit } from './fit.ts';

beforeAll(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 130, 1);
const validation = tinyExamples(tinyTasks, 60, 2);

/** Turns of the event loop after which losses come: late whatever else the machine does, as milliseconds would not be. */
const TURNS = 20;

/** An engine as another may be: its losses come late, and the parameters are its own until it is asked for them. */
function lateEngine(log: string[]): Engine {
  return {
    name: 'late',
    async train<T extends Tasks>(model: MultiTaskModel<T>, recipe: Parameters<Engine['train']>[1]) {
      const step = await eagerEngine.train(model, recipe);
      let own: Record<string, NamedTensor> | undefined;
      let running = 0;
      const flush = async () => {
        own = await readParameters(model.store);
        writeParameters(model.store, own, 'flush');
      };
      return {
        ...{ name: 'late (test)', inFlight: 3 },
        async run(batch, learningRate) {
          log.push(`start, ${++running} running`);
          const losses = await step.run(batch, learningRate);
          for (let turn = 0; turn < TURNS; turn++) await new Promise((done) => setImmediate(done));
          running--;
          return losses;
        },
        flush,
        readSlots: () => step.readSlots(),
        restore: (slots, steps) => step.restore(slots, steps),
        async close() {
          if (own) writeParameters(model.store, own, 'close'); // the last epoch's, as a flush gives
          log.push(`close, ${running} running`);
          await step.close();
        },
      };
    },
    async score(model) {
      log.push('scorer');
      const scorer = await eagerEngine.score(model);
      return {
        logits: (batch) => scorer.logits(batch),
        weights: (batch) => scorer.weights(batch),
        close: async () => void log.push('scorer closed'),
      };
    },
  };
}

const options = {
  validation,
  epochs: 12,
  batchSize: 20,
  optimizer: adam(0.3),
  stopping: earlyStopping({ patience: 2 }),
};

test('an engine whose losses come late gives the same training, and the best weights stay', async () => {
  const [eager, late] = [tinyModel(), tinyModel()];
  const log: string[] = [];
  const expected = await fit(eager, train, { ...options, engine: 'eager' });
  const result = await fit(late, train, { ...options, engine: lateEngine(log) });
  expect(expected.best!.epoch).toBeLessThan(expected.epochs); // so that there is something to restore
  expect(weightsOf(late)).toEqual(weightsOf(eager));
  expect(result.history.map(({ losses }) => losses)).toEqual(expected.history.map(({ losses }) => losses));
  expect(result.engine).toBe('late (test)');
  expect(log.slice(0, 4)).toEqual(['start, 1 running', 'start, 2 running', 'start, 3 running', 'start, 1 running']);
  expect(log.filter((line) => line.startsWith('scorer'))).toEqual(['scorer', 'scorer closed']); // one for all epochs
  for (const model of [eager, late]) model.dispose();
});

test('it is closed when nothing runs any more, also after an error', async () => {
  const model = tinyModel();
  const log: string[] = [];
  const controller = new AbortController();
  let batches = 0;
  const rows = {
    ...train,
    batch: (at: ArrayLike<number>) => (++batches === 3 && controller.abort(new Error('enough')), train.batch(at)),
  };
  const before = tf.memory().numTensors;
  await expect(fit(model, rows, { ...options, engine: lateEngine(log), signal: controller.signal })).rejects.toThrow(
    'enough',
  );
  expect(log).toEqual(['start, 1 running', 'start, 2 running', 'close, 0 running']);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

test('the next batch is assembled while a step runs', async () => {
  const model = tinyModel();
  const log: string[] = [];
  const rows = { ...train, batch: (at: ArrayLike<number>) => (log.push(`batch of ${at.length}`), train.batch(at)) };
  const onStep = () => void log.push('done');
  await fit(model, rows, { epochs: 1, batchSize: 60, engine: lateEngine(log), callbacks: { onStep } });
  expect(log).toEqual([
    ...['batch of 60', 'start, 1 running'],
    ...['batch of 60', 'done', 'start, 1 running'],
    ...['batch of 10', 'done', 'start, 1 running'],
    ...['done', 'close, 0 running'],
  ]);
  model.dispose();
});
