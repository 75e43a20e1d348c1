export {
  censusIncome,
  readCensusIncome,
  fetchCensusIncome,
  type CensusOptions,
  type ReadCensusOptions,
} from './census/census-income.ts';
export type { CensusChoices, CensusTask, CensusTasks } from './census/census-declaration.ts';
export type { FetchedFiles, FetchOptions, DownloadProgress } from './fetching/fetch-files.ts';
export {
  kuairandPure,
  readKuairandPure,
  fetchKuairandPure,
  type KuairandSplit,
  type KuairandOptions,
  readKuairandPublished,
  type KuairandPublishedOptions,
  type KuairandTask,
  type KuairandTasks,
} from './kuairand/kuairand-pure.ts';
export { aliExpressStream, type ClickTasks } from './alibaba/aliexpress.ts';
export { aliCcpStream } from './alibaba/ali-ccp.ts';
export { movielensStream, type MovielensTasks } from './movielens/movielens.ts';
export { syntheticTasks, type SyntheticTaskMap, type SyntheticTasks } from './synthetic/synthetic-tasks.ts';
export {
  FUNNEL,
  SCENARIOS,
  syntheticFunnel,
  type FunnelOptions,
  type FunnelRows,
  type SyntheticFunnel,
} from './synthetic/synthetic-funnel.ts';
export type { Sine, SyntheticOptions } from './synthetic/synthetic-options.ts';
