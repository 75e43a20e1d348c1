import { load, toBytes } from '@polytask/core';
import { datasetFromFiles, describeFile } from '@polytask/data';
import { exportOnnx } from '@polytask/serving';
import {
  findRow,
  openData,
  type OpenedData,
  rowsOfSpec,
  runTrial,
  sealedRows,
  suiteOfDataset,
  type SuiteRow,
  suites,
} from '@polytask/study';
import { expose } from 'comlink';
import { startEngine } from './engine.ts';
import type { TrialWorker } from './trial-worker-contract.ts';

// the components that models are built from define themselves
import '@polytask/adatt';
import '@polytask/balancing';
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

// The program of a worker of the page: it opens data and runs trials.

const environment = { versions: { polytask: __VERSION__ }, machine: navigator.userAgent };

let table: SuiteRow | undefined;
let data = opened();

/** The data of the table and of study's suites. A new table gets a new cache. */
function opened(): OpenedData {
  return openData(({ suite }) => Promise.resolve(suite === table?.name ? table : findRow(suites, suite, 'suite')));
}

const worker: TrialWorker = {
  start: startEngine,

  describe: (file, tasks) => describeFile(file, tasks && { tasks }),

  async open({ name, file, document }) {
    const dataset = await datasetFromFiles(document, { [file.name]: file }, { name });
    table = suiteOfDataset(dataset, `${file.name}, as it was dropped`);
    data = opened();
    const { description, needsDirectory, defaults } = table;
    return { name: table.name, description, needsDirectory, defaults };
  },

  async data(request) {
    const { tasks, context, config, wholeRows, notes } = await data.data(request);
    return { tasks, context, config, notes: notes?.() ?? [], ...(wholeRows && { wholeRows }) };
  },

  async run(spec, measured, watcher) {
    const rows = await rowsOfSpec(data, spec);
    return runTrial(sealedRows(rows), spec, environment, {
      onEpoch: async (epoch, measure) => void (await watcher.onEpoch(epoch, measured ? await measure() : undefined)),
      onTrained: async (model) => watcher.onTrained(await toBytes(model)),
    });
  },

  async onnx(files) {
    const model = await load(files);
    try {
      return await exportOnnx(model);
    } finally {
      model.dispose();
    }
  },
};

expose(worker);
