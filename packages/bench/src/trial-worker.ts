import '@polytask/experts';
import '@polytask/gating';
import {
  findRow,
  inProcess,
  isSuiteRow,
  models,
  openData,
  suites,
  type DataRequest,
  type SuiteRow,
  type TrialSpec,
} from '@polytask/study';
import workerpool from 'workerpool';
import { AUTO, startEngine } from './engines/start-engine.ts';
import { environment } from './environment.ts';
import { loadSuite } from './suites/load-suite.ts';
import { ENGINE_VARIABLE } from './workers/process-pool.ts';

// The program of a worker process: trials are sent to it one after the other.

const local = inProcess(openData(rowOf), environment());
const started = startEngine(process.env[ENGINE_VARIABLE] ?? AUTO);

const onEpoch = (epoch: number) => workerpool.workerEmit({ epoch });

async function rowOf({ suite, files }: DataRequest): Promise<SuiteRow> {
  const loaded = await Promise.all(files.map(async (file) => (await loadSuite(file)).suite));
  return loaded.filter(isSuiteRow).find(({ name }) => name === suite) ?? findRow(suites, suite, 'suite');
}

workerpool.worker({
  /** The models of the table; using it brings all that they are made of into the process. */
  models: () => models().map(({ name }) => name),

  async run(spec: TrialSpec) {
    await started;
    return local.run(spec, { onEpoch });
  },

  async score(spec: TrialSpec) {
    await started;
    return local.score(spec, { onEpoch });
  },
});
