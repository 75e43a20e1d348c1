import '@polytask/experts';
import '@polytask/gating';
import workerpool from 'workerpool';
import { AUTO, startEngine } from './engines/start-engine.ts';
import { findRow } from './find-row.ts';
import { models } from './models/models.ts';
import { isSuiteRow, loadSuite } from './suites/load-suite.ts';
import type { SuiteRow } from './suites/suite.ts';
import { suites } from './suites/suites.ts';
import { openData } from './trials/open-data.ts';
import type { DataRequest, TrialJob } from './trials/trial-job.ts';
import { inProcess } from './workers/in-process.ts';
import { ENGINE_VARIABLE } from './workers/process-pool.ts';

// The program of a worker process: trials are sent to it one after the other.

const local = inProcess(openData(rowOf));
const started = startEngine(process.env[ENGINE_VARIABLE] ?? AUTO);

const onEpoch = (epoch: number) => workerpool.workerEmit({ epoch });

async function rowOf({ suite, files }: DataRequest): Promise<SuiteRow> {
  const loaded = await Promise.all(files.map(async (file) => (await loadSuite(file)).suite));
  return loaded.filter(isSuiteRow).find(({ name }) => name === suite) ?? findRow(suites, suite, 'suite');
}

workerpool.worker({
  /** The models of the table; using it brings all that they are made of into the process. */
  models: () => models.map(({ name }) => name),

  async run(job: TrialJob) {
    await started;
    return local.run(job, { onEpoch });
  },

  async search(job: TrialJob) {
    await started;
    return local.search(job, { onEpoch });
  },
});
