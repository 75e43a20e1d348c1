import { openDataset, type DatasetAccess } from '@polytask/data';
import { suiteOfDataset, type SuiteRow } from '@polytask/study';

/**
 * Makes a suite of a data set that a JSON file describes (docs/data.md). Each seed sets the random split, the initial weights,
 * and the order of the batches.
 *
 * @param path the path of the file
 * @param access what the file may read besides the files in its folder, and how much
 * @throws PolytaskError when the file or its rows are invalid
 * @example await runSuite({ suite: await datasetSuite('people.json'), models: ['single-task', 'adatt'] });
 */
export const datasetSuite = async (path: string, access: DatasetAccess = {}): Promise<SuiteRow> =>
  suiteOfDataset(await openDataset(path, access), `the data set that ${path} describes`);
