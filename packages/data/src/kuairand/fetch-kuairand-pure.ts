import { fail } from '@polytask/core';
import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { BY_HAND, KUAIRAND_FILES } from './kuairand-files.ts';

/**
 * Downloads the four files of the KuaiRand-Pure cut (5 MB) into a directory, as .gz. They are known by the sha256 of their
 * text, whatever they are packed in, and written only when all are right. Needs Node.
 *
 * @param options `url`: an archive, or a directory (ending in `/`) that has the files as .gz, .br or plain. There is no usual
 * place: the cut is smaller than the archive that the authors publish.
 * @throws PolytaskError without a url, and where the network, the server or the files are not as they should be
 * @example await fetchKuairandPure('data/kuairand', { url: 'https://example.org/kuairand-pure/' });
 */
export async function fetchKuairandPure(directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> {
  const { url, ...rest } = options;
  if (url === undefined) {
    fail({
      expected: 'the url of an archive or a directory with the four files',
      received: 'none',
      mend: `Pass url, or copy the files to ${directory}: ${BY_HAND}`,
    });
  }
  return fetchFiles(directory, Object.values(KUAIRAND_FILES), { byHand: BY_HAND, ...rest, url });
}
