import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { BY_HAND, CENSUS_FILES } from './census-file.ts';

const UCI = 'https://archive.ics.uci.edu/static/public/117/census+income+kdd.zip';

/**
 * Downloads the census files (9 MB) into a directory, as .gz. They are known by the sha256 of their text, whatever they
 * are called and packed in, and written only when both are right. Needs Node.
 *
 * @param options `url`: an archive, or a directory (ending in `/`) that has the files as .gz, .br or plain; by default the
 * archive at the UCI Machine Learning Repository
 * @throws PolytaskError where the network, the server or the files are not as they should be; says how to go on by hand
 * @example await fetchCensusIncome('data/census', { onProgress: ({ received }) => bar.update(received) });
 */
export const fetchCensusIncome = (directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> =>
  fetchFiles(directory, Object.values(CENSUS_FILES), { url: UCI, byHand: BY_HAND, ...options });
