import { noFusion, ple } from '@polytask/baselines';
import { CompileError, nodeRuntime, webRuntime, type Runtime, type Session } from '@polytask/compile';
import { binary, denseSchema, embed, multiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { mixedModel, MODELS, trained } from '../testing/models.ts';
import { largestDifference, mixedRows, mixedSchema } from '../testing/rows.ts';
import { compilePredict } from './compiled-predictor.ts';
import { openPredictor } from './open-predictor.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

const aModel = () => mixedModel(MODELS['adattSp']!());

/** A runtime that counts its sessions and runs. */
function counting(real: Runtime) {
  const counts = { loaded: 0, released: 0, runs: 0 };
  const counted: Runtime = {
    ...real,
    async load(model): Promise<Session> {
      const session = await real.load(model);
      counts.loaded++;
      return {
        run: (feeds) => (counts.runs++, session.run(feeds)),
        release: () => (counts.released++, session.release()),
      };
    },
  };
  return { counts, runtime: counted };
}

describe('a compiled predictor has the same numbers as model.predict', () => {
  it.each(some(Object.entries(MODELS), 1))('%s', async (_, parts) => {
    const model = trained(mixedModel(parts()));
    const predictor = await compilePredict(model, { runtime, batchSizes: [1, 16, 256] });
    for (const count of [1, 2, 37, 300, 1000]) {
      const rows = mixedRows(count);
      expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    }
    await predictor.dispose();
    model.dispose();
  });

  it('of events that hardly ever happen', async () => {
    const schema = denseSchema(1, { click: binary() });
    const model = multiTaskModel({ schema, network: noFusion(), input: embed(), headStart: 'random', seed: 1 });
    tf.tidy(() => {
      model.store.get('heads.kernel').variable.assign(tf.ones([1, 1, 1]));
      model.store.get('heads.bias').variable.assign(tf.zeros([1, 1, 1]));
    });
    const logits = [-8, -11, -15, -18, -25, -60, -200, 20];
    const predictor = await compilePredict(model, { runtime });
    const { click } = await predictor.predict(logits.map((z) => ({ x: [z] })));
    logits.forEach((z, i) => {
      const probability = 1 / (1 + Math.exp(-z));
      expect(Math.abs(click![i]! - probability)).toBeLessThanOrEqual(1e-6 * probability + 1e-38);
    });
    await predictor.dispose();
    model.dispose();
  });

  it('of rows, a table and a batch', async () => {
    const model = trained(aModel());
    const predictor = await compilePredict(model, { runtime, batchSizes: [4, 32] });
    const rows = mixedRows(45);
    const at = (chosen: Uint32Array) => model.encode(Array.from(chosen, (row) => rows[row]!));
    const table = { schema: mixedSchema, size: rows.length, batch: at };
    const expected = model.predict(rows);
    for (const given of [rows, table, model.encode(rows)]) {
      expect(largestDifference(await predictor.predict(given), expected)).toBeLessThan(1e-5);
    }
    await predictor.dispose();
    model.dispose();
  });

  it("of one row, in the tasks' order, with their types", async () => {
    const model = aModel();
    const predictor = await compilePredict(model);
    const predictions = await predictor.predict(mixedRows(1));
    expect(Object.keys(predictions)).toEqual(['click', 'stars', 'minutes']);
    const { click, stars, minutes }: { click: Float32Array; stars: Float32Array; minutes: Float32Array } = predictions;
    expect([click.length, stars.length, minutes.length]).toEqual([1, 3, 1]);
    expect(stars[0]! + stars[1]! + stars[2]!).toBeCloseTo(1, 6);
    expect(predictor.runtime).toBe('onnxruntime-node');
    expect(predictor.runtimeNote).toBeUndefined();
    await predictor.dispose();
    model.dispose();
  });

  it('of no rows', async () => {
    const model = aModel();
    const { counts, runtime: counted } = counting(runtime);
    const predictor = await compilePredict(model, { runtime: counted });
    expect(await predictor.predict([])).toEqual({
      click: new Float32Array(0),
      stars: new Float32Array(0),
      minutes: new Float32Array(0),
    });
    expect(counts).toEqual({ loaded: 0, released: 0, runs: 0 });
    await predictor.dispose();
    model.dispose();
  });

  it('on onnxruntime-web', { tags: ['long'] }, async () => {
    const model = trained(aModel());
    const web = { ...(await webRuntime()), note: 'why' };
    const predictor = await compilePredict(model, { runtime: web, batchSizes: [1, 16] });
    const rows = mixedRows(19);
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    expect([predictor.runtime, predictor.runtimeNote]).toEqual(['onnxruntime-web', 'why']);
    await predictor.dispose();
    model.dispose();
  });
});

describe('its graphs', () => {
  it('are made when they are first used, once each', async () => {
    const model = aModel();
    const { counts, runtime: counted } = counting(runtime);
    const predictor = await compilePredict(model, { runtime: counted, batchSizes: [16, 1, 16] });
    expect(counts.loaded).toBe(0);
    await Promise.all([
      predictor.predict(mixedRows(1)),
      predictor.predict(mixedRows(1)),
      predictor.predict(mixedRows(1)),
    ]);
    expect(counts).toEqual({ loaded: 1, released: 0, runs: 3 });
    await predictor.predict(mixedRows(33)); // 16 + 16 + 1
    expect(counts).toEqual({ loaded: 2, released: 0, runs: 6 });
    await predictor.dispose();
    expect(counts.released).toBe(2);
    model.dispose();
  });

  /** How many threads were asked for at each load; undefined leaves it to the runtime. */
  function noting(real: Runtime) {
    const asked: (number | undefined)[] = [];
    return {
      asked,
      runtime: {
        ...real,
        load: (file, options) => (asked.push(options?.threads), real.load(file, options)),
      } satisfies Runtime,
    };
  }

  it('compute wide products in int8: a little off, and a row is the same beside any others', async () => {
    const network = ple({ levels: [{ experts: mlp([64, 32]) }, { experts: mlp([32]) }] });
    const model = multiTaskModel({
      schema: mixedSchema,
      input: embed({ dimension: 8 }),
      network,
      tower: mlp([32]),
      seed: 7,
    });
    const files: string[] = [];
    const watched: Runtime = {
      ...runtime,
      load: (file) => (files.push(Buffer.from(file).toString('latin1')), runtime.load(file)),
    };
    const predictor = await openPredictor(model, { runtime: watched, batchSizes: [16], precision: 'dynamic-int8' });
    expect(predictor.engine).toBe('onnxruntime-node, dynamic-int8');
    expect(files.join()).toContain('MatMulInteger');
    const rows = mixedRows(16);
    const off = largestDifference(await predictor.predict(model.encode(rows)), model.predict(rows));
    expect(off).toBeGreaterThan(0);
    expect(off).toBeLessThan(0.02);
    const [first, second] = [rows.slice(0, 5), [...rows.slice(0, 5), ...mixedRows(40).slice(30)]];
    const [few, many] = [await predictor.predict(model.encode(first)), await predictor.predict(model.encode(second))];
    for (const [task, values] of Object.entries<Float32Array>(few))
      expect([...(many as Readonly<Record<string, Float32Array>>)[task]!.subarray(0, values.length)]).toEqual([
        ...values,
      ]);
    await predictor.dispose();
    await expect(compilePredict(model, { precision: 'int8' as never })).rejects.toThrow(
      '"float32", "dynamic-int8" for compilePredict.precision',
    );
    model.dispose();
  });

  it('of one row have one thread, the others those of the runtime', async () => {
    const model = aModel();
    const { asked, runtime: two } = noting(await nodeRuntime({ threads: 2 }));
    const predictor = await compilePredict(model, { runtime: two, batchSizes: [1, 16] });
    const rows = mixedRows(17);
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    expect(asked).toEqual([undefined, 1]);
    await predictor.dispose();
    model.dispose();
  });

  it.each([
    [1 << 8, 1],
    [1 << 10, undefined], // 1,024 × 1,024 weights and more
  ])('of one row have those of the runtime where weights are many: %i wide', async (width, threads) => {
    const model = multiTaskModel({
      schema: denseSchema(width, { click: binary() }),
      network: noFusion(),
      tower: mlp([width]),
      seed: 1,
    });
    const { asked, runtime: two } = noting(await nodeRuntime({ threads: 2 }));
    const predictor = await compilePredict(model, { runtime: two });
    const rows = [{ x: Array.from({ length: width }, (_, i) => Math.sin(i)) }];
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    expect(asked).toEqual([threads]);
    await predictor.dispose();
    model.dispose();
  });

  it('hold the parameters of the moment, until they are read again', async () => {
    const model = aModel();
    const { counts, runtime: counted } = counting(runtime);
    const predictor = await compilePredict(model, { runtime: counted, batchSizes: [1, 8] });
    const rows = mixedRows(8);
    const before = model.predict(rows);
    await predictor.predict(rows);
    trained(model);
    expect(largestDifference(await predictor.predict(rows), before)).toBeLessThan(1e-5);
    const single = await predictor.predict(rows.slice(0, 1)); // its graph is made after the training
    expect(single.click[0]).toBeCloseTo(before.click[0]!, 5);

    const running = predictor.predict(rows);
    await predictor.refresh();
    expect(counts.released).toBe(2);
    expect(largestDifference(await running, before)).toBeLessThan(1e-5);
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    await Promise.all([predictor.refresh(), predictor.refresh()]);
    expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    await predictor.dispose();
    expect(counts.released).toBe(counts.loaded);
    model.dispose();
  });

  it('have no copy of a table with sparse updates, also after refresh, and read its present rows', async () => {
    const schema = { features: { user: { kind: 'hashed', buckets: 20_000 } }, tasks: { click: binary() } } as const;
    const input = embed({ dimension: 8, update: 'sparse' });
    const model = multiTaskModel({ schema, input, network: noFusion(), tower: mlp([4]), seed: 1 });
    const table = model.store.tables()[0]!;
    const bytes: number[] = [];
    const counted: Runtime = { ...runtime, load: (file) => (bytes.push(file.length), runtime.load(file)) };
    const predictor = await compilePredict(model, { runtime: counted, batchSizes: [1, 16] });
    const rows = Array.from({ length: 17 }, (_, i) => ({ user: `u${i}` }));
    const { values } = table;
    for (const step of [0, 1]) {
      values.forEach((value, i) => (values[i] = value + step));
      expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
      await predictor.refresh();
      expect(table.values).toBe(values);
      expect(largestDifference(await predictor.predict(rows), model.predict(rows))).toBeLessThan(1e-5);
    }
    expect(bytes).toHaveLength(6); // two sizes, after the start and each refresh
    expect(Math.max(...bytes)).toBeLessThan(values.byteLength / 50);
    await predictor.dispose();
    model.dispose();
  });

  it('do not mix up calls that overlap', async () => {
    const model = trained(aModel());
    const predictor = await compilePredict(model, { runtime, batchSizes: [1, 4, 16] });
    const rows = mixedRows(60);
    const expected = model.predict(rows);
    const parts = await Promise.all(
      Array.from({ length: 20 }, (_, i) => predictor.predict(rows.slice(i, i + 1 + (i % 7)))),
    );
    parts.forEach(({ minutes }, i) =>
      minutes.forEach((value, r) => expect(value).toBeCloseTo(expected.minutes[i + r]!, 4)),
    );
    await predictor.dispose();
    model.dispose();
  });

  it('keep no tensor of TF.js, and leave its backend', async () => {
    const model = aModel();
    const before = tf.memory().numTensors;
    const predictor = await compilePredict(model, { runtime, batchSizes: [1, 8] });
    for (let i = 0; i < 5; i++) await predictor.predict(mixedRows(9));
    await predictor.refresh();
    await predictor.predict(mixedRows(9));
    expect(tf.memory().numTensors).toBe(before);
    await predictor.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
    model.dispose();
  });
});

describe('when something is wrong', () => {
  it.each<[unknown, string]>([
    [[], 'Expected a list of 1 or more for compilePredict.batchSizes, received []'],
    [[0], 'a whole number of 1 or more for compilePredict.batchSizes[0], received 0'],
    [[1.5], 'received 1.5'],
    ['16', 'received "16"'],
  ])('batch sizes %j', async (batchSizes, message) => {
    const model = aModel();
    await expect(compilePredict(model, { runtime, batchSizes: batchSizes as number[] })).rejects.toThrow(message);
    model.dispose();
  });

  it('rows that do not fit are refused by their number, and the next call works', async () => {
    const model = aModel();
    const predictor = await compilePredict(model, { runtime });
    await expect(predictor.predict([{ ...mixedRows(1)[0], age: 'old' }])).rejects.toThrow(
      'Row 0: Expected a finite number',
    );
    await expect(predictor.predict(null as never)).rejects.toThrow(
      'a list of rows, an encoded table or a batch to predict, received null',
    );
    await expect(predictor.predict('rows' as never)).rejects.toThrow('received string');
    expect((await predictor.predict(mixedRows(1))).click.length).toBe(1);
    await predictor.dispose();
    model.dispose();
  });

  it('a batch of another schema is refused', async () => {
    const model = aModel();
    const other = multiTaskModel({ schema: denseSchema(4, { click: binary() }), network: noFusion(), seed: 1 });
    const predictor = await compilePredict(model, { runtime });
    await expect(predictor.predict(other.encode([{ x: [1, 2, 3, 4] }]))).rejects.toThrow(
      'a batch of 1 rows with 22 columns of numeric, received 4 numbers',
    );
    await predictor.dispose();
    model.dispose();
    other.dispose();
  });

  it('after dispose nothing works, and calls under way end', async () => {
    const model = aModel();
    const { counts, runtime: counted } = counting(runtime);
    const predictor = await compilePredict(model, { runtime: counted });
    const running = predictor.predict(mixedRows(3));
    await predictor.dispose();
    expect((await running).click.length).toBe(3);
    expect(counts).toEqual({ loaded: 1, released: 1, runs: 1 });
    await expect(predictor.predict(mixedRows(1))).rejects.toThrow(
      'The compiled predictor is disposed. Make another one',
    );
    await expect(predictor.refresh()).rejects.toThrow('is disposed');
    await predictor.dispose();
    model.dispose();
  });

  it('a session that could not be loaded is tried again', async () => {
    const model = aModel();
    let failures = 1;
    const flaky: Runtime = {
      ...runtime,
      load: async (file) => (failures-- > 0 ? Promise.reject(new Error('no memory')) : runtime.load(file)),
    };
    const predictor = await compilePredict(model, { runtime: flaky });
    await expect(predictor.predict(mixedRows(1))).rejects.toThrow('no memory');
    expect((await predictor.predict(mixedRows(1))).click.length).toBe(1);
    await predictor.dispose();
    model.dispose();
  });

  it('a model without a graph says so, and nothing is left behind', async () => {
    const model = aModel();
    const { forward } = model;
    model.forward = (features, options) => {
      const given = forward.call(model, features, options) as ReturnType<typeof model.forward>;
      given.logits.click.dataSync();
      return given;
    };
    const predictor = await compilePredict(model, { runtime });
    const before = tf.memory().numTensors;
    await expect(predictor.predict(mixedRows(1))).rejects.toThrow(CompileError);
    expect(tf.memory().numTensors).toBe(before);
    await predictor.dispose();
    model.dispose();
  });
});
