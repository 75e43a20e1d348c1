import type { Runtime, Session } from '@polytask/compile';
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
import {
  batchFeeds,
  batchInputs,
  gatherBatch,
  readSnapshot,
  Sessions,
  type BatchInput,
  type Snapshot,
} from '@polytask/graphs';
import { planRuns, type Run } from './plan-runs.ts';
import { predictGraph, scorePlaces, SCORES, type ScorePlace } from './predict-graph.ts';

/** About the size of a processor core's own cache. */
const CACHE_BYTES = 2 * 2 ** 20;

/** The graphs of one state of the parameters, by batch size. */
interface Graphs {
  readonly parameters: Snapshot;
  readonly sessions: Sessions<number, SizedGraph>;
}

/** The graph of one batch size, with its inputs. The inputs are prepared once, because a run of one row takes only 10 µs. */
interface SizedGraph {
  readonly session: Session;
  readonly inputs: readonly BatchInput[];
}

/** The compiled predictions of a model. Create it with `compilePredict`. */
export class CompiledPredictor<T extends Tasks = Tasks> {
  readonly #model: MultiTaskModel<T>;
  readonly #runtime: Runtime;
  readonly #sizes: readonly number[];
  readonly #arrays: readonly BatchArray[];
  readonly #places: readonly ScorePlace[];
  #graphs: Graphs | undefined;

  /** Use `compilePredict`. */
  constructor(model: MultiTaskModel<T>, runtime: Runtime, sizes: readonly number[], snapshot: Snapshot) {
    this.#model = model;
    this.#runtime = runtime;
    this.#sizes = sizes;
    this.#arrays = batchArrays(model.layout, []);
    this.#places = scorePlaces(model.schema.tasks);
    this.#graphs = graphsOf(snapshot);
  }

  /** The name of the runtime, such as `onnxruntime-node`. */
  get runtime(): string {
    return this.#runtime.name;
  }

  /** Why the runtime isn't the fastest one, in one line. Undefined when it is. */
  get runtimeNote(): string | undefined {
    return this.#runtime.note;
  }

  /**
   * Predicts the same numbers as `model.predict`. Calls may overlap.
   *
   * @param rows objects, or an encoded table or batch
   * @returns by task: probabilities [rows] (binary), probabilities [rows × classes] row-major (multiclass), or numbers
   *   [rows] (regression)
   *
   * @throws PolytaskError when a row doesn't fit the schema, and after `dispose`
   * @example (await predictor.predict([{ age: 41, occupation: 'Sales' }])).income[0]
   */
  async predict(rows: readonly Row[] | Examples | Batch): Promise<Predictions<T>> {
    const graphs = this.#graphs ?? disposed();
    const examples = readable(rows, (each) => this.#model.encode(each));
    return graphs.sessions.during(() => this.#run(graphs, examples));
  }

  async #run(graphs: Graphs, rows: Readable): Promise<Predictions<T>> {
    const { tasks }: { tasks: Tasks } = this.#model.schema;
    const widths = new Map(this.#places.map(({ task, width }) => [task, width]));
    const predictions = Object.fromEntries(
      Object.keys(tasks).map((task) => [task, new Float32Array(rows.size * widths.get(task)!)]),
    );
    for (const run of planRuns(rows.size, this.#sizes)) {
      const scores = await this.#scores(graphs, rows, run);
      for (const { task, before, width } of this.#places) {
        const from = before * run.size;
        predictions[task]!.set(scores.subarray(from, from + (run.to - run.from) * width), run.from * width);
      }
    }
    return predictions as Predictions<T>;
  }

  async #scores(graphs: Graphs, rows: Readable, { from, to, size }: Run): Promise<Float32Array> {
    const batch = rows.slice(from, to);
    this.#check(batch);
    const padded = batch.size === size ? batch : padBatch(batch, size);
    const { session, inputs } = await graphs.sessions.get(size, () => this.#load(graphs, size));
    const results = await session.run(batchFeeds(inputs, gatherBatch(this.#model, padded)));
    return results[SCORES]!.data as Float32Array;
  }

  async #load({ parameters }: Graphs, size: number): Promise<SizedGraph> {
    const { file, weightBytes } = predictGraph(this.#model, size, parameters, this.#runtime.threads);
    // For one row, waking a second thread takes longer than its work, unless the weights exceed the cache.
    const options = size === 1 && weightBytes <= CACHE_BYTES ? { threads: 1 } : {};
    return { session: await this.#runtime.load(file, options), inputs: batchInputs(this.#model, size, false) };
  }

  /** @throws PolytaskError when the batch has another layout than the model */
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
   * Reads the present parameters of the model. The graphs are compiled again at their next use. Running calls end with the
   * old parameters. Tables that are trained by rows are never copied: predictions read them from the model.
   *
   * @throws PolytaskError after `dispose`
   */
  async refresh(): Promise<void> {
    const before = this.#graphs ?? disposed();
    const snapshot = await readSnapshot(this.#model);
    if (this.#graphs !== before) return this.refresh(); // another call was faster, maybe with older parameters
    this.#graphs = graphsOf(snapshot);
    await before.sessions.release();
  }

  /** Frees the graphs after the running calls have ended. The model isn't disposed. */
  async dispose(): Promise<void> {
    const graphs = this.#graphs;
    this.#graphs = undefined;
    await graphs?.sessions.release();
  }
}

const graphsOf = (parameters: Snapshot): Graphs => ({ parameters, sessions: new Sessions() });

function disposed(): never {
  throw new PolytaskError('The compiled predictor is disposed. Make another one with compilePredict(model).');
}
