import {
  type DataRequest,
  findRow,
  inProcess,
  isSuiteRow,
  models,
  openData,
  type SuiteRow,
  suites,
  type TrialSpec,
} from '@polytask/study';
import workerpool from 'workerpool';
import { AUTO, startEngine } from './engines.ts';
import { environment } from './environment.ts';
import { loadPlugins } from './plugins.ts';
import { suiteLoader } from './suites/load-suite.ts';
import { SETUP_VARIABLE, type WorkerSetup } from './workers/process-pool.ts';

import '@polytask/experts';
import '@polytask/gating';

// The program of a worker process. It receives trials one after the other.

const {
  engine,
  plugins = [],
  access,
} = JSON.parse(process.env[SETUP_VARIABLE] ?? `{ "engine": "${AUTO}" }`) as WorkerSetup;
const local = inProcess(openData(rowOf), environment(engine));
const engineStart = startEngine(engine);
const pluginsLoaded = loadPlugins(plugins);

const onEpoch = (epoch: number) => workerpool.workerEmit({ epoch });

async function rowOf({ suite, files }: DataRequest): Promise<SuiteRow> {
  const load = suiteLoader(access);
  const fileSuites = await Promise.all(files.map(async (file) => (await load(file)).suite));
  return fileSuites.filter(isSuiteRow).find(({ name }) => name === suite) ?? findRow(suites, suite, 'suite');
}

workerpool.worker({
  /** The names of the models. This use of `models` also bundles and registers the models' components. */
  models: () => models().map(({ name }) => name),

  async run(spec: TrialSpec) {
    await pluginsLoaded;
    await engineStart;
    return local.run(spec, { onEpoch });
  },

  async score(spec: TrialSpec) {
    await pluginsLoaded;
    await engineStart;
    return local.score(spec, { onEpoch });
  },
});
