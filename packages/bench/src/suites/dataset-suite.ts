import path from 'node:path';
import { openDataset, type DatasetAccess } from '@polytask/data';
import { type LoadedSuite, suiteOfDataset, type SuiteRow } from '@polytask/study';

/**
 * Makes a suite of a data set that a JSON file describes (docs/data.md). Each seed sets the random split, the initial weights,
 * and the order of the batches.
 *
 * @param file its path
 * @param access what the file may read besides the files in its folder, and how much
 * @throws PolytaskError when the file or its rows are invalid
 * @example await runSuite({ suite: await datasetSuite('people.json'), models: ['single-task', 'adatt'] });
 */
export const datasetSuite = async (file: string, access: DatasetAccess = {}): Promise<SuiteRow> =>
  suiteOfDataset(await openDataset(file, access), `the data set that ${file} describes`);

/** The {@link datasetSuite} of a file, with the file: other processes can open it, too. */
export const datasetFile = async (file: string, access: DatasetAccess = {}): Promise<LoadedSuite> => ({
  suite: await datasetSuite(file, access),
  file: path.resolve(file),
});
