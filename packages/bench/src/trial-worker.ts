import { findEntry, fail } from '@polytask/components';
import {
  type DataRequest,
  inProcess,
  isSuiteEntry,
  models,
  openData,
  rowsOfSpec,
  type SuiteEntry,
  suites,
  type TrialSpec,
} from '@polytask/study';
import workerpool from 'workerpool';
import { AUTO, startEngine, environment } from './engines.ts';
import { identityOf, loadPlugins } from './modules/imported-modules.ts';
import { openTeacher } from './teacher.ts';
import { suiteLoader } from './suites/load-suite.ts';
import { SETUP_VARIABLE, type WorkerSetup } from './workers/process-pool.ts';
import '@polytask/experts';
import '@polytask/gating';

// The program of a worker process. It receives trials one after the other.

const NO_SETUP = JSON.stringify({ engine: AUTO, plugins: [], modules: [] } satisfies WorkerSetup);
const { engine, plugins, modules, access } = JSON.parse(process.env[SETUP_VARIABLE] ?? NO_SETUP) as WorkerSetup;
const data = openData(rowOf, openTeacher);
const local = inProcess(data, environment(engine));
const engineStart = startEngine(engine);
const pluginsLoaded = loadPlugins(plugins);

const onEpoch = (epoch: number) => workerpool.workerEmit({ epoch, rss: process.memoryUsage.rss() });

async function rowOf({ suite, files }: DataRequest): Promise<SuiteEntry> {
  const load = suiteLoader(access);
  const fileSuites = await Promise.all(files.map(async (file) => (await load(file)).suite));
  return fileSuites.filter(isSuiteEntry).find(({ name }) => name === suite) ?? findEntry(suites, suite, 'suite');
}

/** Loads the code and the rows of a trial. @throws PolytaskError when they aren't those that the run began with */
async function prepare(spec: TrialSpec): Promise<void> {
  await pluginsLoaded;
  await engineStart;
  await rowsOfSpec(data, spec); // loads the suite, and what it defines
  for (const { url, name, sha256 } of modules) {
    if ((await identityOf(url)).sha256 === sha256) continue;
    fail({
      expected: `the code of ${name} that the run began with`,
      received: 'other code, because it or a file that it imports was changed since',
      fix: 'Run the command again: it trains with the new code.',
    });
  }
}

workerpool.worker({
  /** The names of the models. This use of `models` also bundles and registers the models' components. */
  models: () => models().map(({ name }) => name),

  async run(spec: TrialSpec) {
    workerpool.workerEmit({ pid: process.pid });
    await prepare(spec);
    return local.run(spec, { onEpoch });
  },
});
