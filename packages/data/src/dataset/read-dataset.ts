import { openDataset, type DatasetParts } from './open-dataset.ts';

/**
 * Reads a data set that one JSON file describes, without a line of code: encoded, split, and with the schema fitted on the rows
 * to train on.
 *
 * @param path of the JSON file; paths in it are relative to its directory
 * @param options `seed`: of a split at random, where the file has none. Default 0
 * @throws PolytaskError as {@link openDataset} does
 * @example const { train, validation, test, groups } = await readDataset('people.json');
 */
export const readDataset = async (path: string, { seed = 0 }: { readonly seed?: number } = {}): Promise<DatasetParts> =>
  (await openDataset(path)).parts(seed);
