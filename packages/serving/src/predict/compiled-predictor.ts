import type { HostTensor, Runtime, Session } from '@polytask/compile';
import {
  batchArrays,
  fail,
  padBatch,
  PolytaskError,
  readable,
  type Batch,
  type BatchArray,
  type Examples,
  type MultiTaskModel,
  type Predictions,
  type Readable,
  type Row,
  type Tasks,
} from '@polytask/core';
import { batchInputs, readSnapshot, Sessions, type BatchInput, type Snapshot } from '@polytask/graphs';
import { planRuns, type Run } from './plan-runs.ts';
import { predictGraph, scorePlaces, SCORES, type ScorePlace } from './predict-graph.ts';

/** About what a processor core has of a cache of its own. */
const CACHE_BYTES = 2 * 2 ** 20;

/** Graphs by batch size, of the parameters at one moment. */
interface Opened {
  readonly parameters: Snapshot;
  readonly sessions: Sessions<number, Sized>;
}

/** The graph of one batch size, and how its feeds are read: made once, as a run of one row takes 10 µs. */
interface Sized {
  readonly session: Session;
  readonly inputs: readonly BatchInput[];
}

/** A model's predictions as compiled graphs, a few batch sizes for all; see `compilePredict`. */
export class CompiledPredictor<T extends Tasks = Tasks> {
  readonly #model: MultiTaskModel<T>;
  readonly #runtime: Runtime;
  readonly #sizes: readonly number[];
  readonly #arrays: readonly BatchArray[];
  readonly #places: readonly ScorePlace[];
  #opened: Opened | undefined;

  /** Use `compilePredict`. */
  constructor(model: MultiTaskModel<T>, runtime: Runtime, sizes: readonly number[], snapshot: Snapshot) {
    this.#model = model;
    this.#runtime = runtime;
    this.#sizes = sizes;
    this.#arrays = batchArrays(model.layout, []);
    this.#places = scorePlaces(model.schema.tasks);
    this.#opened = open(snapshot);
  }

  /** What runs the graphs, such as `onnxruntime-node`. */
  get runtime(): string {
    return this.#runtime.name;
  }

  /**
   * The same numbers as `model.predict`, by task: a probability a row (binary), probabilities row-major [rows × classes]
   * (multiclass), or a number a row (regression). Takes rows as objects, or an encoded table or batch. Calls may overlap.
   *
   * @throws PolytaskError when a row doesn't fit the schema, and after `dispose`
   * @example (await predictor.predict([{ age: 41, occupation: 'Sales' }])).income[0]
   */
  async predict(rows: readonly Row[] | Examples | Batch): Promise<Predictions<T>> {
    const opened = this.#opened ?? disposed();
    const given = readable(rows, (each) => this.#model.encode(each));
    return opened.sessions.during(() => this.#run(opened, given));
  }

  async #run(opened: Opened, rows: Readable): Promise<Predictions<T>> {
    const { tasks }: { tasks: Tasks } = this.#model.schema;
    const widths = new Map(this.#places.map(({ task, width }) => [task, width]));
    const predictions = Object.fromEntries(
      Object.keys(tasks).map((task) => [task, new Float32Array(rows.size * widths.get(task)!)]),
    );
    for (const run of planRuns(rows.size, this.#sizes)) {
      const scores = await this.#scores(opened, rows, run);
      for (const { task, before, width } of this.#places) {
        const from = before * run.size;
        predictions[task]!.set(scores.subarray(from, from + (run.to - run.from) * width), run.from * width);
      }
    }
    return predictions as Predictions<T>;
  }

  async #scores(opened: Opened, rows: Readable, { from, to, size }: Run): Promise<Float32Array> {
    const batch = rows.slice(from, to);
    this.#check(batch);
    const filled = batch.size === size ? batch : padBatch(batch, size);
    const { session, inputs } = await opened.sessions.get(size, () => this.#load(opened, size));
    const feeds: Record<string, HostTensor> = {};
    for (const { name, read } of inputs) feeds[name] = read(filled);
    const results = await session.run(feeds);
    return results[SCORES]!.data as Float32Array;
  }

  async #load({ parameters }: Opened, size: number): Promise<Sized> {
    const { file, weightBytes } = predictGraph(this.#model, size, parameters, this.#runtime.threads);
    // for one row another thread's waking takes longer than its work, unless weights come from beyond the cache
    const options = size === 1 && weightBytes <= CACHE_BYTES ? { threads: 1 } : {};
    return { session: await this.#runtime.load(file, options), inputs: batchInputs(this.#model, size, false) };
  }

  /** Throws when a batch has another layout. */
  #check(batch: Batch): void {
    for (const { name, width, of } of this.#arrays) {
      const length = of(batch)?.length;
      if (length === batch.size * width) continue;
      fail({
        expected: `a batch of ${batch.size} rows with ${width} columns of ${name}`,
        received: `${length ?? 'no'} numbers`,
        mend: 'Encode it with the schema of this model.',
      });
    }
  }

  /**
   * Takes the parameters that the model has now. Graphs are made anew as they are used; calls under way end as they began.
   *
   * @throws PolytaskError after `dispose`
   */
  async refresh(): Promise<void> {
    const before = this.#opened ?? disposed();
    const snapshot = await readSnapshot(this.#model);
    if (this.#opened !== before) return this.refresh(); // another call was faster; it may have read older parameters
    this.#opened = open(snapshot);
    await before.sessions.release();
  }

  /** Frees the graphs, once calls under way have ended. The model stays as it is. */
  async dispose(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.sessions.release();
  }
}

const open = (parameters: Snapshot): Opened => ({ parameters, sessions: new Sessions() });

function disposed(): never {
  throw new PolytaskError('The compiled predictor is disposed. Make another one with compilePredict(model).');
}
