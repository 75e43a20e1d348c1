import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, bpr, multiTaskModel, regression } from '@polytask/core';
import { categorical, fromRows, mixStreams, mixTables, numeric, tableStream, type Table } from '@polytask/data';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { tinyNetwork, weightsOf } from '../testing/tiny.ts';
import { some } from '../../../../cases.base.ts';

beforeAll(() => tf.setBackend('cpu'));

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

const features = { age: numeric(), state: categorical() };
const people = Array.from({ length: 130 }, (_, i) => ({
  age: (i * 37) % 80,
  state: `s${i % 3}`,
  click: (i * 37) % 80 > 40 ? 1 : 0,
  hours: (i % 7) / 4,
}));
const clicks = fromRows(people, { features, tasks: { click: binary() } });
const hours = fromRows(people.slice(0, 30), { features, tasks: { hours: regression({ scale: 'none' }) } });

/** The two tables in pieces of so many rows. In an epoch of 120 rows 60 are of `clicks`, and `hours` comes twice. */
function mixed(rows: number, more: object = {}) {
  const cut = <T extends Table>(table: T) => {
    const starts = Array.from({ length: Math.ceil(table.size / rows) }, (_, i) => i * rows);
    return starts.map((start) =>
      table.subset(Array.from({ length: Math.min(rows, table.size - start) }, (_, r) => start + r)),
    );
  };
  return mixStreams(
    { clicks: tableStream(cut(clicks)), hours: tableStream(cut(hours)) },
    { ratio: 'equal', rows: 120, seed: 5, ...more },
  );
}

async function trained(mixture: Awaited<ReturnType<typeof mixed>>, more: FitOptions<typeof mixture.schema.tasks> = {}) {
  const model = multiTaskModel({
    schema: mixture.schema,
    network: tinyNetwork({ units: 4, dropout: 0.2, norm: true }),
    seed: 7,
  });
  try {
    const { history, steps } = await fit(model, mixture, {
      epochs: 4,
      batchSize: 25,
      shuffleBuffer: 40,
      optimizer: adam(0.05),
      engine: 'eager',
      ...more,
    });
    return { steps, history: history.map((report) => ({ ...report, seconds: 0 })), weights: weightsOf(model) };
  } finally {
    model.dispose();
  }
}

describe('fit on a mixture of streams', () => {
  test('trains each task on the rows of its own stream', async () => {
    const { steps, history } = await trained(await mixed(17));
    expect(steps).toBe(4 * 5); // 120 rows in batches of 25
    expect(history.at(-1)!.losses.click!).toBeLessThan(0.8 * history[0]!.losses.click!);
    expect(history.at(-1)!.losses.hours!).toBeLessThan(0.8 * history[0]!.losses.hours!);
  });

  test.each(
    some(
      [
        ['in the middle of an epoch', { everySteps: 3 }, 8],
        ['in the middle of the third, where each stream has begun again', { everySteps: 6 }, 14],
        ['between two', { everyEpochs: 1 }, 12],
      ] as const,
      1,
    ),
  )('goes on %s to the same bits, whatever its pieces', async (_, every, after) => {
    const straight = await trained(await mixed(17));
    const checkpoint = { directory, ...every };
    const onStep = ({ step }: { step: number }) => {
      if (step === after) throw new Error('power cut');
    };
    await expect(trained(await mixed(17), { checkpoint, callbacks: { onStep } })).rejects.toThrow('power cut');
    const { schema } = await mixed(17);
    let first: number | undefined;
    const again = (await mixed(9, { schema })) as unknown as Awaited<ReturnType<typeof mixed>>; // no pass to fit the schema
    const resumed = await trained(again, {
      checkpoint,
      resume: true,
      callbacks: { onStep: ({ step }) => void (first ??= step) },
    });
    expect(first).toBe({ 8: 7, 14: 13, 12: 11 }[after]);
    expect(resumed).toEqual(straight);
  });

  test('is refused where the mixture is another one', async () => {
    const checkpoint = { directory };
    await trained(await mixed(17), { epochs: 1, checkpoint });
    for (const more of [{ seed: 6 }, { ratio: 'proportional' }]) {
      await expect(trained(await mixed(17, more), { checkpoint, resume: true })).rejects.toThrow(
        'training rows.sample',
      );
    }
    await expect(trained(await mixed(17, { rows: 140 }), { checkpoint, resume: true })).rejects.toThrow(
      'training rows.rows: 120 there, 140 here',
    );
  });

  test('trains and measures an order within the groups of a table', { tags: ['long'] }, async () => {
    const ranked = (groups?: string) =>
      fromRows(people, { features, tasks: { click: binary({ loss: bpr() }) }, ...(groups && { groups }) });
    const mixture = mixTables({ ranked: ranked('state'), hours }, { ratio: 'equal', rows: 120, seed: 5 });
    const model = multiTaskModel({ schema: mixture.schema, network: tinyNetwork({ units: 4 }), seed: 7 });
    const given = { epochs: 8, batchSize: 40, optimizer: adam(0.05), engine: 'eager' } as const;
    await fit(model, mixture, given);
    expect((await evaluate(model, mixture.tables.ranked)).click.gauc).toBeGreaterThan(0.9);
    expect((await evaluate(model, mixture)).click.gauc).toBeGreaterThan(0.9);
    const without = mixTables({ ranked: ranked(), hours }, { ratio: 'equal', rows: 120, seed: 5 });
    await expect(fit(model, without, given)).rejects.toThrow('as groups in a piece of the stream, received none');
    model.dispose();
  });
});
