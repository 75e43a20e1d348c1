export { runSuite } from './run-suite.ts';
export type { RunOptions } from './run-options.ts';
export { suiteLoader } from './suites/load-suite.ts';
export { datasetSuite } from './suites/dataset-suite.ts';
export { engines, type EngineRow } from './engines.ts';
export { startEngine } from './engines.ts';
export { openResults, type ResultsFile } from './trials/results-file.ts';
export * from '@polytask/study';
export { defineConfig, loadConfiguredPlugins, loadPlugins, type PolytaskConfig } from './plugins.ts';
