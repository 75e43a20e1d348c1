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
import { loadSuite } from './suites/load-suite.ts';
import { ENGINE_VARIABLE, PLUGINS_VARIABLE } from './workers/process-pool.ts';

import '@polytask/experts';
import '@polytask/gating';

// The program of a worker process. It receives trials one after the other.

const engine = process.env[ENGINE_VARIABLE] ?? AUTO;
const local = inProcess(openData(rowOf), environment(engine));
const engineStart = startEngine(engine);
const pluginsLoaded = loadPlugins(JSON.parse(process.env[PLUGINS_VARIABLE] ?? '[]') as string[]);

const onEpoch = (epoch: number) => workerpool.workerEmit({ epoch });

async function rowOf({ suite, files }: DataRequest): Promise<SuiteRow> {
  const fileSuites = await Promise.all(files.map(async (file) => (await loadSuite(file)).suite));
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
