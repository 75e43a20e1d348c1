import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fit, type FitResult } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import { cosine } from '../schedules/schedules.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';
import { restoreWeights } from './restore-weights.ts';
import { some } from '../../../../cases.base.ts';

type TinyOptions = FitOptions<typeof tinyTasks>;

beforeAll(() => tf.setBackend('cpu'));

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

const train = tinyExamples(tinyTasks, 150, 1);
const validation = tinyExamples(tinyTasks, 80, 2);

/** Dropout, running statistics, a schedule, momentum, clipping, early stopping: all that a checkpoint could forget. */
const options = (optimizer: OptimizerSpec = adam(cosine(0.1, { epochs: 6 }))): TinyOptions => ({
  ...{ optimizer, validation, epochs: 6, batchSize: 40, clip: { norm: 5 } }, // 4 steps an epoch
  stopping: earlyStopping({ metric: 'loss', patience: 5 }),
});

/** Trains a new model; its weights and what `fit` gave, without the seconds. */
async function trained(given: TinyOptions) {
  const model = tinyModel({ dropout: 0.2, norm: true });
  try {
    const {
      seconds: _,
      history,
      ...result
    }: FitResult<typeof tinyTasks> = await fit(model, train, { engine: 'eager', ...given });
    return { ...result, history: history.map(({ seconds: __, ...report }) => report), weights: weightsOf(model) };
  } finally {
    model.dispose();
  }
}

/** A run that is ended by an error in a callback after so many steps. */
async function killed(given: TinyOptions, after: number) {
  const onStep = ({ step }: { step: number }) => {
    if (step === after) throw new Error('power cut');
  };
  await expect(trained({ ...given, callbacks: { onStep } })).rejects.toThrow('power cut');
}

// The kit does the same with every optimizer.
describe('a killed run continues to the same bits', () => {
  let straight: Awaited<ReturnType<typeof trained>>;
  beforeAll(async () => void (straight = await trained(options())));

  test.each(
    some(
      [
        ['in the middle of an epoch', { everySteps: 3 }, 11],
        ['at the last step of an epoch', { everySteps: 4 }, 9],
        ['between epochs', { everyEpochs: 1 }, 15],
        ['before the first checkpoint', { everyEpochs: 2 }, 5],
      ] as const,
      1,
    ),
  )('%s', async (_place, every, after) => {
    const checkpoint = { directory, ...every };
    await killed({ ...options(), checkpoint }, after);
    let first: number | undefined;
    const onStep = ({ step }: { step: number }) => void (first ??= step);
    const resumed = await trained({ ...options(), checkpoint, resume: true, callbacks: { onStep } });
    expect(resumed).toEqual(straight);
    expect(first).toBeLessThanOrEqual(after);
    if (after > 5) expect(first).toBeGreaterThan(1); // it did go on, and not begin again
  });
});

test('early stopping goes on too: best weights, patience, and the stop itself', { tags: ['long'] }, async () => {
  const eager: TinyOptions = {
    ...options(adam(0.4)),
    epochs: 30,
    stopping: earlyStopping({ metric: 'loss', patience: 3 }),
  };
  const straight = await trained(eager);
  expect(straight.stopped).toBe('early');
  expect(straight.best!.epoch).toBe(straight.epochs - 3);
  await killed({ ...eager, checkpoint: { directory } }, (straight.epochs - 1) * 4 + 2); // after the best epoch
  const resumed = await trained({ ...eager, checkpoint: { directory }, resume: true });
  expect(resumed).toEqual(straight);
  const again = await trained({ ...eager, checkpoint: { directory }, resume: true });
  expect(again).toEqual(straight); // nothing is left to do
});

test('a finished run goes on for more epochs as if it had never stopped', { tags: ['long'] }, async () => {
  const longer = options(sgd(0.05, { momentum: 0.9 }));
  await trained({ ...longer, epochs: 2, checkpoint: { directory } });
  expect(await trained({ ...longer, checkpoint: { directory }, resume: true })).toEqual(await trained(longer));
});

test('a run with an average of its weights goes on to the same average', async () => {
  const averaged = options(adam(0.05, { ema: 0.9 }));
  const straight = await trained(averaged);
  const without = { ...averaged, stopping: undefined };
  await killed({ ...averaged, checkpoint: { directory, everySteps: 3 } }, 11);
  expect(await trained({ ...averaged, checkpoint: { directory }, resume: true })).toEqual(straight);
  const finished = { ...without, checkpoint: { directory: join(directory, 'whole') } };
  expect(await trained(finished)).toEqual(await trained({ ...finished, resume: true })); // nothing is left to do
});

test('a run that a callback stopped goes on where it was', { tags: ['long'] }, async () => {
  const stop = { onStep: ({ step }: { step: number }) => (step === 6 ? ('stop' as const) : undefined) };
  const stopped = await trained({ ...options(), checkpoint: { directory }, callbacks: stop });
  expect(stopped).toMatchObject({ stopped: 'callback', steps: 6, epochs: 2 });
  const resumed = await trained({ ...options(), checkpoint: { directory }, resume: true });
  expect(resumed).toMatchObject({ stopped: 'epochs', steps: 22, epochs: 6 });
  expect(resumed.history.slice(0, 2)).toEqual(stopped.history);
});

test(
  'resume: true begins where there is no checkpoint; a string takes that one, into another directory',
  { tags: ['long'] },
  async () => {
    const given = options();
    const straight = await trained({
      ...given,
      checkpoint: { directory: join(directory, 'a'), everySteps: 5, keep: 9 },
      resume: true,
    });
    const kept = (await readdir(join(directory, 'a'))).sort();
    expect(kept).toEqual(['step-00000005', 'step-00000010', 'step-00000015', 'step-00000020', 'step-00000024']);
    const branch = {
      ...given,
      checkpoint: { directory: join(directory, 'b') },
      resume: join(directory, 'a', kept[1]!),
    };
    expect(await trained(branch)).toEqual(straight);
    expect(await readdir(join(directory, 'b'))).toEqual(['step-00000024']);
    expect(await trained({ ...given, resume: join(directory, 'a') })).toEqual(straight); // without writing any
    await expect(trained({ ...given, resume: join(directory, 'c') })).rejects.toThrow(
      `Expected a checkpoint in "${join(directory, 'c')}" to resume from`,
    );
  },
);

test('keep: older ones are removed', { tags: ['long'] }, async () => {
  await trained({ ...options(), checkpoint: { directory, everyEpochs: 1, keep: 2 } });
  expect((await readdir(directory)).sort()).toEqual(['step-00000020', 'step-00000024']);
});

test('NaN survives in the history: a metric that is not defined', async () => {
  const metrics = { click: ['auc'] } as const;
  const oneClass = { ...validation, size: 1 };
  const given = {
    ...options(),
    validation: oneClass,
    epochs: 2,
    stopping: earlyStopping({ metric: 'auc', over: { task: 'click' }, patience: 9 }),
  };
  const run = async (more: TinyOptions) => {
    const model = tinyModel();
    const { history, best } = await fit(model, train, { engine: 'eager', ...given, metrics, ...more } as TinyOptions);
    model.dispose();
    return { scores: history.map((report) => report.validation!.click), best };
  };
  const straight = await run({});
  expect(straight.scores[0]!.auc).toBeNaN();
  await run({ epochs: 1, checkpoint: { directory } });
  expect(await run({ checkpoint: { directory }, resume: true })).toEqual(straight);
});

test('no tensor is left after a resumed run', async () => {
  await trained({ ...options(), epochs: 1, checkpoint: { directory } });
  const before = tf.memory().numTensors;
  await trained({ ...options(), epochs: 2, checkpoint: { directory }, resume: true });
  expect(tf.memory().numTensors).toBe(before);
});

test('restoreWeights gives a model the weights of a checkpoint', { tags: ['long'] }, async () => {
  const { weights } = await trained({ ...options(), stopping: undefined, checkpoint: { directory } });
  const model = tinyModel({ dropout: 0.2, norm: true, seed: 8 });
  await restoreWeights(model, directory);
  expect(weightsOf(model)).toEqual(weights);
  await expect(restoreWeights(model, join(directory, 'none'))).rejects.toThrow('Expected a checkpoint in');
  model.dispose();
  const other = tinyModel({ dropout: 0.2 });
  await expect(restoreWeights(other, directory)).rejects.toThrow('unknown "levels.0.experts.norm.gamma"');
  other.dispose();
});
