import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensemble, gradientBoosting, sharedBottom } from '@polytask/baselines';
import type { BalancerSpec } from '@polytask/balancing';
import {
  aboutOf,
  type ComponentKind,
  type DeclaredFeature,
  declareFeature,
  declareTask,
  featureKind,
  groupedTasks,
  type InputSpec,
  type NetworkSpec,
  kindOf,
  labelOf,
  load,
  lossesFor,
  multiTaskModel,
  registered,
  type Row,
  save,
  specOf,
  type Task,
  type Tasks,
} from '@polytask/core';
import * as data from '@polytask/data';
import { mlp } from '@polytask/experts';
import { serve } from '@polytask/server';
import { encodeForOnnx, saveOnnx } from '@polytask/serving';
import { fit, type FitOptions, type OptimizerSpec } from '@polytask/training';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { some } from '../../../cases.base.ts';
import './catalog.ts'; // registers all components

/** A component of a kind on its way, beside parts that every model has. */
interface Traveller {
  readonly feature?: DeclaredFeature;
  readonly task?: Task;
  readonly model?: { readonly input: InputSpec; readonly network?: NetworkSpec };
  readonly fit?: FitOptions;
}

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-way-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const SIZE = 48;
const CITIES = ['Bergen', 'Porto', 'Lyon'];

/** A row of the table: the cells of all columns. */
const cellsOf = (i: number) => ({
  number: (i * 7) % 13,
  height: (i * 4) % 9,
  city: CITIES[i % 3]!,
  device: ['phone', 'desk'][i % 2]!,
  tags: CITIES.slice(0, 1 + (i % 3)).join('|'),
  genres: CITIES.slice(i % 2, 1 + (i % 3)).join('|') || 'Lyon',
  ages: [3, 1, 2].slice(0, 1 + (i % 3)).join('|'),
  day: `2026-0${1 + (i % 9)}-1${i % 10}`,
  words: ['a red house', 'red', 'blue sky'][i % 3]!,
  bought: (i * 5) % 3 === 0 ? 1 : 0,
  grade: ['low', 'middle', 'high'][(i * 5) % 3]!,
  visits: (i * 3) % 5,
  part: ((i * 3) % 5) / 5,
  days: 1 + ((i * 11) % 40),
  gone: i % 2,
  user: i % 7, // users have different labels
});
const CELLS = Array.from({ length: SIZE }, (_, i) => cellsOf(i));

/** The column of a label, and what its task needs before a fit. */
function declaredTask(kind: string, options: object = {}): Task {
  const label = labelOf({ kind });
  const classes = { from: 'grade', classes: ['low', 'middle', 'high'] };
  const number = { from: label.type === 'number' && label.maximum === 1 ? 'part' : 'visits' };
  const time = { from: 'days', event: 'gone', cuts: [10, 20] };
  const byType = { 'yes-no': { from: 'bought' }, class: classes, labels: { from: 'genres' }, time, number };
  return declareTask(kind, { ...byType[label.type], ...options });
}

const ownNames = (kind: ComponentKind) =>
  registered(kind).filter((name) => aboutOf(kind, name).package?.startsWith('@polytask/'));

/** The column of a kind that is not among {@link FEATURES}. */
const COLUMNS = { number: 'number', text: 'words' };

/** The kinds of feature with their options. Others read a column of {@link COLUMNS}. */
const FEATURES: Readonly<Record<string, DeclaredFeature>> = {
  numeric: data.numeric({ from: 'number', log: true, indicator: true }),
  categorical: data.categorical({ from: 'city' }),
  hashed: data.hashed({ from: 'city', buckets: 5 }),
  shared: data.shared({ from: 'city', with: 'city' }),
  'multi-valued': data.multiValued({ from: 'tags' }),
  'id-sequence': data.idSequence({ from: 'tags', target: 'city' }),
  'side-column': data.sideColumn({ from: 'ages', of: 'tags', values: data.numeric() }),
  vector: data.vector({ columns: ['number', 'height'] }),
  buckets: data.buckets({ from: 'number', count: 3 }),
  cross: data.cross({ of: ['city', 'device'], buckets: 20 }),
  date: data.date({ from: 'day' }),
  'piecewise-linear': data.piecewiseLinear({ from: 'number', count: 3 }),
};

/** What the components need that have no default. */
const CONFIGS: Readonly<Record<string, object>> = {
  quantile: { q: 0.8 },
  'static-weights': { weights: 2 },
  'decaying-weights': { rate: 0.9 },
};

const network = sharedBottom({ levels: [{ experts: mlp([4]) }] });

const TRAVELLERS: Readonly<Record<string, (name: string) => Traveller>> = {
  feature: (name) => ({
    feature: FEATURES[name] ?? declareFeature(name, { from: COLUMNS[featureKind(name).cell ?? 'text'] }),
  }),
  task: (name) => ({ task: declaredTask(name) }),
  loss(name) {
    const kind = registered('task').find((each) => lossesFor(each).includes(name))!;
    const isDefault = kindOf({ kind }).loss(declaredTask(kind)).name === name;
    return { task: declaredTask(kind, isDefault ? {} : { loss: specOf('loss', name, CONFIGS[name]) }) };
  },
  balancer: (name) => ({ fit: { balancing: specOf('balancer', name, CONFIGS[name]) as BalancerSpec } }),
  optimizer(name) {
    const spec = specOf('optimizer', name) as OptimizerSpec;
    const input = specOf('input', 'embed', { update: 'sparse' }) as InputSpec;
    return { model: { input }, fit: name.startsWith('row-wise') ? { tableOptimizer: spec } : { optimizer: spec } };
  },
  input: (name) => {
    if (name === 'binned') return { model: gradientBoosting({ minDataInLeaf: 2 }) };
    if (name !== 'ensemble') return { model: { input: specOf('input', name) as InputSpec } };
    const input = specOf('input', name, { members: [specOf('input', 'embed'), specOf('input', 'one-hot')] });
    return { model: { input: input as InputSpec, network: ensemble({ members: [{ network }, { network }] }) } };
  },
};

/** CSV → fit → save → load → HTTP and ONNX: predictions stay those of the fitted model. */
async function goesTheWay({ feature, task, model: parts, fit: options }: Traveller, folder: string): Promise<void> {
  const lines = [Object.keys(CELLS[0]!), ...CELLS.map(Object.values)].map((cells) => cells.join(','));
  await writeFile(`${folder}.csv`, `${lines.join('\n')}\n`);
  const city = data.categorical();
  const features = {
    city,
    device: data.categorical(),
    tags: data.idSequence({ target: 'city' }),
    ...(feature && { feature }),
  };
  const tasks: Tasks = { first: task ?? declaredTask('binary'), second: declaredTask('regression') };
  const table = await data.readCsv(`${folder}.csv`, { features, tasks });
  const schema = data.fitSchema(table);
  const groups = groupedTasks(schema.tasks).length > 0;
  const examples = data.encode(table, schema);
  const trained = multiTaskModel({ schema, network, seed: 7, ...parts });
  const users = Float64Array.from(CELLS, ({ user }) => user);
  await fit(trained, groups ? data.withGroups(examples, users) : examples, {
    ...{ epochs: 1, batchSize: 16, engine: 'eager', progress: false, ...options },
  });
  const rows = CELLS.slice(0, 7).map((cells): Row => ({ ...cells, feature: valueOf(feature, cells) }));
  const wanted = trained.predict(rows);
  await save(trained, folder);
  trained.dispose();

  const loaded = await load(folder);
  expect(loaded.predict(rows)).toEqual(wanted);
  await saveOnnx(loaded, `${folder}.onnx`);
  const inputs = Object.entries(encodeForOnnx(loaded.schema, rows));
  loaded.dispose();
  const session = await InferenceSession.create(await readFile(`${folder}.onnx`));
  const outputs = await session.run(
    Object.fromEntries(inputs.map(([name, { type, data: values, shape }]) => [name, new Tensor(type, values, shape)])),
  );
  await session.release();
  const { url, close, engine } = await serve(folder, { port: 0 });
  try {
    expect(engine).toBe('onnxruntime-node');
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
    const { predictions } = (await response.json()) as { predictions: Record<string, unknown>[] };
    for (const [name, values] of Object.entries(wanted)) {
      expectNear([...(outputs[name]!.data as Float32Array)], [...values], name);
      expectNear(
        predictions.flatMap((row) => numbersIn(row[name])),
        [...values],
        name,
      );
    }
  } finally {
    await close();
  }
}

/** The value of the feature in a row of a program: that of its column, or a list of several. */
function valueOf(feature: DeclaredFeature | undefined, cells: Readonly<Record<string, unknown>>): unknown {
  const columns = (feature as { readonly columns?: readonly string[] } | undefined)?.columns;
  return columns ? columns.map((column) => cells[column]) : feature?.from === undefined ? null : cells[feature.from];
}

/** The numbers of a prediction in an answer: one, or those of its classes, labels, quantiles or times. */
function numbersIn(prediction: unknown): number[] {
  if (typeof prediction === 'number') return [prediction];
  const { probabilities = prediction } = prediction as { probabilities?: object };
  return Object.values(probabilities as Record<string, number>);
}

function expectNear(seen: readonly number[], wanted: readonly number[], what: string): void {
  expect(seen.length, what).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  const differences = wanted.map((value, i) => Math.abs(value - seen[i]!) / largest);
  expect(Math.max(...differences), what).toBeLessThanOrEqual(1e-5);
}

describe.each(Object.entries(TRAVELLERS))('from a CSV to HTTP and ONNX: %s', (kind, traveller) => {
  test.each(some(ownNames(kind as ComponentKind), 1))('%s', async (name) => {
    await goesTheWay(traveller(name), join(directory, `${kind}-${name}`));
  });
});
