import { mapValues, anything, listOf, oneOf, optional, wholeNumber } from '@polytask/components';
import { defaultRuntime, type Runtime, type Session } from '@polytask/compile';
import {
  readOptions,
  fail,
  PolytaskError,
  batchArrays,
  padBatch,
  predictionWidth,
  type Batch,
  type Examples,
  type MultiTaskModel,
  type FromDescription,
  type Option,
  type Predictions,
  type Readable,
  type Row,
  type Task,
  type Tasks,
  type Written,
} from '@polytask/core';
import { readable } from '@polytask/core/internal';
import {
  batchFeeds,
  type BatchInput,
  batchInputs,
  gatherBatch,
  readSnapshot,
  Sessions,
  type Snapshot,
} from '@polytask/graphs';
import { predictGraph, scorePlaces, SCORES } from './predict-graph.ts';

const description = {
  /**
   * The ONNX Runtime, with one thread. Default: onnxruntime-node in Node, or onnxruntime-web where that doesn't load and
   * outside of Node. The predictor's `runtime` and `runtimeNote` say which one it is and why.
   */
  runtime: optional(anything as Option<Runtime>),
  /**
   * The batch sizes of the graphs. Other numbers of rows are divided into these sizes. Batches above 256 rows don't fit into the caches
   * of a CPU, and aren't faster per row.
   */
  batchSizes: optional(listOf(wholeNumber(1), 1), [1, 16, 256]),
  /**
   * With `dynamic-int8`, products with trained matrices of 32 × 32 and more are computed in int8. Each row has a scale, and so has
   * each column of a matrix. Wide models are about twice as fast in onnxruntime-node, on a CPU with int8 instructions. Predictions
   * move in the third or fourth digit, so measure your metrics.
   */
  precision: optional(oneOf('float32', 'dynamic-int8'), 'float32'),
};

export interface CompilePredictOptions extends Written<typeof description>, FromDescription {}

/**
 * Compiles the predictions of a model for ONNX Runtime. They are much faster than TF.js, most of all for single rows.
 *
 * Each batch size has its own graph, compiled at its first use (tens of milliseconds). Other numbers of rows are padded or
 * divided. The graphs hold the present parameters as constants. Call `refresh` after further training. Don't dispose the
 * model while you use the predictor.
 *
 * @throws PolytaskError when a batch size isn't a positive whole number
 * @throws Error when the runtime isn't installed
 * @throws CompileError at the first prediction, when the model has an operation that can't be compiled
 * @example
 * const predictor = await compilePredict(model);
 * const { income } = await predictor.predict([{ age: 41, weeks_worked: 52 }]);
 * await predictor.dispose();
 */
export async function compilePredict<T extends Tasks, F extends string = string>(
  model: MultiTaskModel<T, F>,
  options: CompilePredictOptions = {},
): Promise<CompiledPredictor<T, F>> {
  const {
    runtime = await defaultRuntime(),
    batchSizes,
    precision,
  } = readOptions(options, description, 'compilePredict');
  const sizes = [...new Set(batchSizes)].sort((a, b) => a - b);
  return predictorOf(model, { runtime, sizes, precision }, await readSnapshot(model));
}

/** About the size of a processor core's own cache. */
const CACHE_BYTES = 2 * 2 ** 20;

/** The graphs by batch size, with their inputs. The inputs are prepared once, because a run of one row takes only 10 µs. */
interface Graphs {
  readonly parameters: Snapshot;
  readonly sessions: Sessions<number, { readonly session: Session; readonly inputs: readonly BatchInput[] }>;
}

/** The compiled predictions of a model. Create it with `compilePredict`. */
export type CompiledPredictor<T extends Tasks = Tasks, F extends string = string> = ReturnType<
  typeof predictorOf<T, F>
>;

function predictorOf<T extends Tasks, F extends string>(
  model: MultiTaskModel<T, F>,
  { runtime, sizes, precision }: { runtime: Runtime; sizes: readonly number[]; precision: 'float32' | 'dynamic-int8' },
  snapshot: Snapshot,
) {
  const arrays = batchArrays(model.layout, []);
  const places = scorePlaces(model.schema.tasks);
  const widths = mapValues<string, Task, number>(model.schema.tasks, predictionWidth); // numbers a row, by task
  let current: Graphs | undefined = graphsOf(snapshot);

  /** @throws PolytaskError when the batch has another layout than the model */
  const check = (batch: Batch): void => {
    for (const { name, width, of } of arrays) {
      const length = of(batch)?.length;
      if (length === batch.size * width) continue;
      fail({
        expected: `a batch of ${batch.size} rows with ${width} columns of ${name}`,
        received: `${length ?? 'no'} numbers`,
        fix: 'Encode it with the schema of this model.',
      });
    }
  };
  const load = async (parameters: Snapshot, size: number) => {
    const { file, weightBytes } = predictGraph(model, size, parameters, runtime.threads, precision);
    // For one row, waking a second thread takes longer than its work, unless the weights exceed the cache.
    const options = size === 1 && weightBytes <= CACHE_BYTES ? { threads: 1 } : {};
    return { session: await runtime.load(file, options), inputs: batchInputs(model, size, false) };
  };
  const scoresOf = async ({ parameters, sessions }: Graphs, rows: Readable, { from, to, size }: Run) => {
    const batch = rows.slice(from, to);
    check(batch);
    const padded = batch.size === size ? batch : padBatch(batch, size);
    const { session, inputs } = await sessions.get(size, () => load(parameters, size));
    const results = await session.run(batchFeeds(inputs, gatherBatch(model, padded)));
    return results[SCORES]!.data as Float32Array;
  };
  const predictAll = async (graphs: Graphs, rows: Readable): Promise<Predictions<T>> => {
    const predictions = mapValues(widths, (width) => new Float32Array(rows.size * width));
    for (const run of planRuns(rows.size, sizes)) {
      const scores = await scoresOf(graphs, rows, run);
      for (const { task, before, width } of places) {
        const from = before * run.size;
        predictions[task]!.set(scores.subarray(from, from + (run.to - run.from) * width), run.from * width);
      }
    }
    return predictions as Predictions<T>;
  };

  return {
    /** The name of the runtime, such as `onnxruntime-node`. */
    runtime: runtime.name,
    /** Why the runtime isn't the fastest one, in one line. Undefined when it is. */
    runtimeNote: runtime.note,
    /** The precision of products with wide trained matrices. */
    precision,
    /**
     * Predicts the same values as `model.predict`. Calls may overlap.
     *
     * @param rows objects, or an encoded table or batch
     * @returns by task: probabilities [rows] (binary), probabilities [rows × classes] row-major (multiclass), or numbers
     *   [rows] (regression)
     *
     * @throws PolytaskError when a row doesn't fit the schema, and after `dispose`
     * @example (await predictor.predict([{ age: 41, occupation: 'Sales' }])).income[0]
     */
    async predict(rows: readonly Row<F>[] | Examples | Batch): Promise<Predictions<T>> {
      const graphs = current ?? disposed();
      const examples = readable(rows, (each) => model.encode(each));
      return graphs.sessions.during(() => predictAll(graphs, examples));
    },
    /**
     * Reads the present parameters of the model. The graphs are compiled again at their next use. Running calls end with the
     * old parameters. Tables with sparse updates are never copied: predictions read them from the model.
     *
     * @throws PolytaskError after `dispose`
     */
    async refresh(): Promise<void> {
      const before = current ?? disposed();
      const next = graphsOf(await readSnapshot(model));
      if (current !== before) return this.refresh(); // another call was faster, maybe with older parameters
      current = next;
      await before.sessions.release();
    },
    /** Frees the graphs after the running calls have ended. The model isn't disposed. */
    async dispose(): Promise<void> {
      const graphs = current;
      current = undefined;
      await graphs?.sessions.release();
    },
  };
}

const graphsOf = (parameters: Snapshot): Graphs => ({ parameters, sessions: new Sessions() });

function disposed(): never {
  throw new PolytaskError('The compiled predictor is disposed. Make another one with compilePredict(model).');
}

/** Rows `from` … `to` − 1, which one run of a graph predicts. The rest of the batch is padding. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** The fixed cost of a run, in rows. It is 10 on a small model. */
const RUN_COST = 10;

/** Divides rows among graphs at the least cost: planRuns(300, [1, 16, 256]) is 256, 16, 16 and 16. @param sizes ascending */
export function planRuns(rows: number, sizes: readonly number[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const size of cheapest(rows, sizes)) {
    runs.push({ from, to: Math.min(rows, from + size), size });
    from += size;
  }
  return runs;
}

function cheapest(rows: number, sizes: readonly number[]): number[] {
  if (rows === 0) return [];
  const next = sizes.find((size) => size >= rows);
  const smaller = sizes.filter((size) => size < rows).at(-1);
  if (smaller === undefined) return [next!];
  const whole = Math.floor(rows / smaller);
  const split = [...new Array<number>(whole).fill(smaller), ...cheapest(rows - whole * smaller, sizes)];
  return next !== undefined && costOf([next]) <= costOf(split) ? [next] : split;
}

const costOf = (sizes: readonly number[]): number => sizes.reduce((cost, size) => cost + size + RUN_COST, 0);
