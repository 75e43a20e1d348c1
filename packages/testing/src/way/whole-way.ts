import { mapValues } from '@polytask/components';
import {
  binary,
  load,
  multiTaskModel,
  predictionOf,
  save,
  groupedTasks,
  type DeclaredFeature,
  type InputSpec,
  type MultiTaskModel,
  type NetworkSpec,
  type Row,
  type Schema,
  type Task,
  type Tasks,
  regression,
} from '@polytask/core';
import { encode, fitSchema, readCsv, withGroups, categorical, idSequence, labelCells } from '@polytask/data';
import { fit, type FitOptions } from '@polytask/training';
import '@tensorflow/tfjs-backend-cpu';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { expectThat, inDirectory } from '../cases/case.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { withModels } from '../tiny/tiny-model.ts';

/** Cells by column. Shorter columns begin again after their last cell. */
type Columns = Readonly<Record<string, readonly unknown[]>>;

/** Features by name, each of one column, or of several. */
type Features = Readonly<Record<string, DeclaredFeature & { readonly columns?: readonly string[] }>>;

const ROWS = 48;
const CITIES = ['Bergen', 'Porto', 'Lyon'];

/** The features and columns of every table: `city` and `device` are categories, `tags` is a sequence of cities. */
const FEATURES = { city: categorical(), device: categorical(), tags: idSequence({ target: 'city' }) };
const COLUMNS: Columns = {
  city: CITIES,
  device: ['phone', 'desk'],
  tags: CITIES.map((_, i) => CITIES.slice(0, i + 1).join('|')),
};

/** A number from 0 to 1 for each row. The rows of a user have different ones. */
const SHARES = Array.from({ length: ROWS }, (_, row) => ((11 * row) % ROWS) / ROWS);

/** The user of each row, for losses that compare the rows of a group. */
export const USERS = Float64Array.from(SHARES, (_, row) => row % 5);

const csvCell = (value: unknown): string => {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * A table of 48 made-up rows, as a CSV file, and its first 12 rows as a program passes them.
 *
 * @param task the task `a`. The task `b` is a regression
 * @param features added to `city`, `device` and `tags`
 * @param columns further cells, and those of the features
 */
export function sampleTable(task: Task, features: Features = {}, columns: Columns = {}) {
  const all: Features = { ...FEATURES, ...features };
  // labels in another order than the features
  const labels = mapValues(labelCells('a', task), (cells) =>
    SHARES.map((share) => cells[Math.floor(share * cells.length)]),
  );
  const cells: Columns = { ...COLUMNS, ...columns, ...labels, b: [0, 3, 1, 4, 2] };
  const cell = (column: string, row: number) => {
    const values = cells[column] ?? [];
    return values[row % values.length];
  };
  const names = Object.keys(cells);
  const lines = SHARES.map((_, row) => names.map((column) => csvCell(cell(column, row))));
  const rowOf = (row: number): Row =>
    mapValues(all, ({ from, columns: several }, name) =>
      several ? several.map((column) => cell(column, row)) : cell(from ?? name, row),
    );
  return {
    declaration: { features: all, tasks: { a: task, b: regression() } },
    csv: [names, ...lines].map((line) => `${line.join(',')}\n`).join(''),
    rows: Array.from({ length: 12 }, (_, row) => rowOf(row)),
  };
}

/** The parts of a model that goes the whole way. A part that is left out is a small one. */
export interface WayParts {
  /** Features beside `city`, `device` (categories) and `tags` (a sequence of cities), by name. */
  readonly features?: Readonly<Record<string, DeclaredFeature>>;
  /** The cells of further columns, such as those of the features. Shorter columns begin again. */
  readonly columns?: Readonly<Record<string, readonly unknown[]>>;
  /** A task whose labels are made up. There is a regression beside it. Default: yes or no. */
  readonly task?: Task;
  readonly input?: InputSpec;
  readonly network?: NetworkSpec;
  /** Options of the fit: one epoch of 48 rows, three steps. */
  readonly fit?: FitOptions;
}

/** How trained models are deployed. They are modules, because the kit stands below the packages that it tests. */
export interface Deployment {
  /** The module `@polytask/serving`: the model is exported to ONNX, too. Needs onnxruntime-node. */
  readonly serving?:
    | {
        saveOnnx(model: MultiTaskModel, file: string): Promise<unknown>;
        encodeForOnnx(schema: Schema, rows: readonly Row[]): Readonly<Record<string, OnnxInput>>;
      }
    | undefined;
  /** The module `@polytask/server`: the saved model predicts over HTTP, too. */
  readonly server?:
    | {
        serve(
          folder: string,
          options: { port: number },
        ): Promise<{ readonly url: string; readonly engine: string; close(): Promise<unknown> }>;
      }
    | undefined;
}

/** An input of an exported model, as `encodeForOnnx` gives it. */
export interface OnnxInput {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/** The largest difference of a prediction elsewhere, of the largest number of its task. */
export const TOLERANCE = 1e-5;

/**
 * The whole way of a model: a CSV is read, a model is fitted, saved and loaded, exported to ONNX and served over HTTP. Its predictions
 * must stay those of the fitted model: bit for bit when it is loaded, to 1e-5 elsewhere.
 *
 * @param deployment modules for the last two steps, which are left out without them
 * @throws ConformanceError when predictions differ, or aren't finite; the error of a step that fails
 * @example
 * import * as serving from '@polytask/serving';
 * import * as server from '@polytask/server';
 * await wholeWay({ task: share() }, { serving, server });
 */
export const wholeWay = (parts: WayParts, deployment: Deployment = {}): Promise<void> =>
  inDirectory(async (directory) => {
    const { serving, server } = deployment;
    const { rows, trained } = await trainedOn(parts, directory);
    const wanted = trained.predict(rows);
    const folder = `${directory}/model`;
    await save(trained, folder);
    trained.dispose();
    expectFinite(wanted);
    const agree = (step: string, seen: Numbers, tolerance = TOLERANCE) => {
      const what = `the predictions of the fitted model ${step}`;
      const fix =
        'Keep what is learned in parameters and buffers, what is fitted in the schema, and all else in the configuration.';
      for (const name of Object.keys(wanted))
        expectAgreement({ [name]: seen[name] ?? [] }, { [name]: wanted[name]! }, tolerance, what, fix);
    };
    await withModels([await load(folder)], async (loaded) => {
      agree('after saving and loading', loaded.predict(rows), 0);
      if (serving) {
        const file = `${directory}/model.onnx`;
        await serving.saveOnnx(loaded, file);
        agree('as ONNX', await predictionsOfOnnx(file, serving.encodeForOnnx(loaded.schema, rows)));
      }
      if (!server) return;
      const { engine, predictions } = await predictionsOverHttp(server, folder, loaded.schema.tasks, rows);
      const runs = !serving || engine === 'onnxruntime-node'; // on which a server runs if it is there
      expectThat(runs, 'a server on onnxruntime-node', engine, 'Use operations that docs/compile.md lists.');
      agree('over HTTP', predictions);
    });
  });

/** A model of the parts that was fitted to the sample table, and rows of the table. */
export async function trainedOn(
  { features, task = binary(), columns, fit: options, ...parts }: WayParts,
  directory: string,
): Promise<{ readonly rows: readonly Row[]; readonly trained: MultiTaskModel }> {
  const { writeFile } = await import('node:fs/promises');
  const { rows, csv, declaration } = sampleTable(task, features, columns);
  const file = `${directory}/rows.csv`;
  await writeFile(file, csv);
  const table = await readCsv(file, declaration);
  const schema = fitSchema(table);
  const examples = encode(table, schema);
  const grouped = groupedTasks(schema.tasks).length > 0;
  const trained = multiTaskModel({ schema, network: tinyNetwork(), seed: 7, ...parts });
  await fit(trained, grouped ? withGroups(examples, USERS) : examples, {
    ...{ epochs: 1, batchSize: 16, engine: 'eager', progress: false },
    ...options,
  });
  return { rows, trained };
}

/** The outputs of an ONNX file in onnxruntime-node. */
export async function predictionsOfOnnx(file: string, inputs: Readonly<Record<string, OnnxInput>>): Promise<Numbers> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(file);
  try {
    const feeds = mapValues(
      inputs,
      ({ type, data, shape }) => new Tensor(type as 'float32', data as Float32Array, shape),
    );
    return mapValues({ ...(await session.run(feeds)) }, ({ data }) => data as Float32Array);
  } finally {
    await session.release();
  }
}

/** The predictions of a saved model over HTTP, and the engine of the server. */
export async function predictionsOverHttp(
  { serve }: NonNullable<Deployment['server']>,
  folder: string,
  tasks: Tasks,
  rows: readonly Row[],
): Promise<{ readonly engine: string; readonly predictions: Numbers }> {
  const { url, engine, close } = await serve(folder, { port: 0 });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
    const answer = await response.text();
    const fix = 'Let `form` take each value that the CSV file has.';
    expectThat(response.ok, 'predictions over HTTP', `${response.status} ${answer}`, fix);
    const { predictions } = JSON.parse(answer) as { predictions: readonly Readonly<Record<string, unknown>>[] };
    const byTask = mapValues(tasks, (task, name) => predictions.flatMap((row) => numbersOf(row[name], task)));
    return { engine, predictions: byTask };
  } finally {
    await close();
  }
}

/** The numbers of a prediction in an answer: one, or those of the task's classes, labels, quantiles or times in their order. */
function numbersOf(prediction: unknown, task: Task): number[] {
  const { names } = predictionOf(task);
  if (!names) return [Number(prediction)];
  const { probabilities = prediction } = prediction as { probabilities?: object };
  return names.map((name) => (probabilities as Readonly<Record<string, number>>)[name]!);
}
