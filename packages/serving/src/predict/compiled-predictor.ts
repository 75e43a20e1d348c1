import type { Runtime } from '@polytask/compile';
import {
  PolytaskError,
  type Batch,
  type Examples,
  type MultiTaskModel,
  type Predictions,
  type Row,
  type Tasks,
} from '@polytask/core';
import { readSnapshot, type Snapshot } from '../graph/parameters.ts';
import { feedsOf, partsOf, type PartSpec } from './batch-parts.ts';
import { planRuns, type Run } from './plan-runs.ts';
import { predictGraph, scorePlaces, SCORES, type ScorePlace } from './predict-graph.ts';
import { readable, type Readable } from './read-batch.ts';
import { Sessions } from './sessions.ts';

/** A model's predictions as compiled graphs, a few batch sizes for all; see `compilePredict`. */
export class CompiledPredictor<T extends Tasks = Tasks> {
  readonly #model: MultiTaskModel<T>;
  readonly #runtime: Runtime;
  readonly #sizes: readonly number[];
  readonly #parts: readonly PartSpec[];
  readonly #places: readonly ScorePlace[];
  #sessions: Sessions | undefined;

  /** Use `compilePredict`. */
  constructor(model: MultiTaskModel<T>, runtime: Runtime, sizes: readonly number[], snapshot: Snapshot) {
    this.#model = model;
    this.#runtime = runtime;
    this.#sizes = sizes;
    this.#parts = partsOf(model.layout);
    this.#places = scorePlaces(model.schema.tasks);
    this.#sessions = this.#open(snapshot);
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
    const sessions = this.#sessions ?? disposed();
    const given = readable(rows, (each) => this.#model.encode(each));
    return sessions.during(() => this.#run(sessions, given));
  }

  async #run(sessions: Sessions, rows: Readable): Promise<Predictions<T>> {
    const { tasks }: { tasks: Tasks } = this.#model.schema;
    const widths = new Map(this.#places.map(({ task, width }) => [task, width]));
    const predictions = Object.fromEntries(
      Object.keys(tasks).map((task) => [task, new Float32Array(rows.size * widths.get(task)!)]),
    );
    for (const run of planRuns(rows.size, this.#sizes)) {
      const scores = await this.#scores(sessions, rows, run);
      for (const { task, before, width } of this.#places) {
        const from = before * run.size;
        predictions[task]!.set(scores.subarray(from, from + (run.to - run.from) * width), run.from * width);
      }
    }
    return predictions as Predictions<T>;
  }

  async #scores(sessions: Sessions, rows: Readable, { from, to, size }: Run): Promise<Float32Array> {
    const { batch, at } = rows.slice(from, to);
    const feeds = feedsOf(this.#parts, batch, { from: at, to: at + to - from, size });
    const session = await sessions.get(size);
    const results = await session.run(feeds);
    return results[SCORES]!.data as Float32Array;
  }

  /**
   * Takes the parameters that the model has now. Graphs are made anew as they are used; calls under way end as they began.
   *
   * @throws PolytaskError after `dispose`
   */
  async refresh(): Promise<void> {
    const before = this.#sessions ?? disposed();
    const snapshot = await readSnapshot(this.#model);
    if (this.#sessions !== before) return this.refresh(); // another call was faster; it may have read older parameters
    this.#sessions = this.#open(snapshot);
    await before.release();
  }

  /** Frees the graphs, once calls under way have ended. The model stays as it is. */
  async dispose(): Promise<void> {
    const sessions = this.#sessions;
    this.#sessions = undefined;
    await sessions?.release();
  }

  #open(parameters: Snapshot): Sessions {
    const { threads } = this.#runtime;
    const write = (size: number) => predictGraph(this.#model, { size, parts: this.#parts, parameters, threads });
    return new Sessions(this.#runtime, write);
  }
}

function disposed(): never {
  throw new PolytaskError('The compiled predictor is disposed. Make another one with compilePredict(model).');
}
