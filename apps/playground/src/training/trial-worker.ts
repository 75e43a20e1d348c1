import { type Finding, findEntry } from '@polytask/components';
import { type BundleFiles, load, type Schema, toBytes } from '@polytask/core';
import { type DatasetDocument, datasetFromFiles, describeFile, type DescribeOptions } from '@polytask/data';
import { exportOnnx } from '@polytask/serving';
import {
  type DataRequest,
  type EpochMeasures,
  openData,
  type OpenedData,
  type Result,
  rowsOfSpec,
  runTrial,
  sealedRows,
  suiteOfDataset,
  type SuiteData,
  type SuiteEntry,
  suites,
  type TrialData,
  type TrialSpec,
  type TrialEngine,
} from '@polytask/study';
import { expose } from 'comlink';
import { compile, webRuntime } from '@polytask/compile';
import * as tf from '@tensorflow/tfjs-core';
import { exampleRows, type ExampleRows, type Value } from '../trying/example-rows.ts';
import type { Changes } from '../trying/smallest-change.ts';
import { type Answer, type Explained, type Question, triedModel, type TriedModel } from '../trying/tried-model.ts';
import '@tensorflow/tfjs-backend-cpu';

// the components that models are built from define themselves
import '@polytask/adatt';
import '@polytask/balancing';
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

// The program of a worker of the page: it opens data and runs trials.

const environment = { versions: { polytask: __VERSION__ }, machine: navigator.userAgent };

/** A table of the visitor: a CSV file, and the document that declares its columns. */
export interface Table {
  /** The name of the data set. */
  readonly name: string;
  readonly file: File;
  readonly document: DatasetDocument;
}

/** What a page has to know of a suite row that a worker opened. */
export type SuiteFacts = Pick<SuiteEntry, 'name' | 'description' | 'needsDirectory' | 'defaults'>;

/** What a page has to know of data that a worker opened, to plan trials on it. */
type DataFacts = Pick<SuiteData, 'tasks' | 'context' | 'config' | 'wholeRows'> & {
  readonly notes: readonly Finding[];
};

/** Hears of a trial while it runs. The worker waits for each answer, so an answer that is late is a pause. */
export interface TrialWatcher {
  /** @param measures undefined for a trial that is not measured */
  onEpoch(epoch: number, measures: EpochMeasures | undefined): void | Promise<void>;
  /** Called for a trial that is measured. @param examples undefined for features that no control can show */
  onTrained(files: BundleFiles, examples: ExampleRows | undefined): void;
}

let table: SuiteEntry | undefined;
let data = opened();
let tried: TriedModel | undefined;
/** Of the latest rows: all models of a seed have the same. */
let examples: { readonly of: TrialData; readonly rows: ExampleRows | undefined } | undefined;

function examplesOf(of: TrialData, schema: Schema): ExampleRows | undefined {
  if (examples?.of === of) return examples.rows;
  let rows: ExampleRows | undefined;
  try {
    rows = exampleRows(of, schema);
  } catch {
    rows = undefined; // the trial is whole without them
  }
  examples = { of, rows };
  return rows;
}

/** The data of the table and of study's suites. A new table gets a new cache. */
function opened(): OpenedData {
  return openData(({ suite }) => Promise.resolve(suite === table?.name ? table : findEntry(suites, suite, 'suite')));
}

const worker = {
  start: startEngine,

  describe: (file: File, options: DescribeOptions) => describeFile(file, options),

  /** Opens a table for the trials to come. @throws PolytaskError for rows that can't be read */
  async open({ name, file, document }: Table): Promise<SuiteFacts> {
    const dataset = await datasetFromFiles(document, { [file.name]: file }, { name });
    table = suiteOfDataset(dataset, `${file.name}, as it was dropped`);
    data = opened();
    const { description, needsDirectory, defaults } = table;
    return { name: table.name, description, needsDirectory, defaults };
  },

  async data(request: DataRequest): Promise<DataFacts> {
    const { tasks, context, config, wholeRows, notes } = await data.data(request);
    return { tasks, context, config, notes: notes?.() ?? [], ...(wholeRows && { wholeRows }) };
  },

  /** @param measured whether the watcher receives the measures of each epoch */
  async run(spec: TrialSpec, measured: boolean, watcher: TrialWatcher): Promise<Result> {
    const rows = await rowsOfSpec(data, spec);
    let trained: (() => void) | undefined;
    const result = await runTrial(sealedRows(rows), spec, environment, {
      onEpoch: async (epoch, measure) => void (await watcher.onEpoch(epoch, measured ? await measure() : undefined)),
      async onTrained(model) {
        const [files, { schema }] = [await toBytes(model), model];
        if (measured) trained = () => watcher.onTrained(files, examplesOf(rows, schema)); // not before the test is over
      },
    });
    trained?.();
    return result;
  },

  /** A saved model as ONNX. */
  async onnx(files: BundleFiles): Promise<Uint8Array> {
    const model = await load(files);
    try {
      return await exportOnnx(model);
    } finally {
      model.dispose();
    }
  },

  /** Opens a saved model, to be tried on single rows. @returns what it predicts, and the features by their effect */
  async tryModel(files: BundleFiles, { controls, rows }: ExampleRows): Promise<Pick<TriedModel, 'outputs' | 'order'>> {
    await tf.setBackend('cpu');
    tried?.dispose();
    tried = triedModel(await load(files), controls, rows);
    return { outputs: tried.outputs, order: tried.order };
  },

  /** What the opened model says of a row. */
  answer: (values: readonly Value[]): Answer => tried!.answer(values),

  /** The smallest changes of one feature that turn a prediction of the opened model. */
  changes: (question: Question): Changes => tried!.changes(question),

  /** The contributions of the features to the predictions of a row. */
  explain: (values: readonly Value[]): Promise<Explained[]> => tried!.explain(values),
};

/** What a worker does for the page, one call after the other. All arguments and results can be cloned. */
export type TrialWorker = typeof worker;

expose(worker);

/**
 * Starts the fastest engine that runs here: ONNX Runtime's WebAssembly, or TensorFlow.js where it can't be loaded. The names are those
 * of the command line, so that results of both can share a table.
 */
async function startEngine(): Promise<TrialEngine> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  try {
    const probe = await compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime: await webRuntime() });
    await probe.dispose();
    return { name: 'compiled-wasm', mode: 'compiled-wasm' };
  } catch {
    return { name: 'cpu', mode: 'eager' };
  }
}
