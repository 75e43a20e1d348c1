import { binary, type BinaryTask } from '@polytask/core';
import { categorical, numeric } from '../../declarations/kinds.ts';
import { requireFile } from '../fetching/known-file.ts';
import { csvStream } from '../../streams/file-streams.ts';
import type { TableStream } from '../../streams/table-stream.ts';

/** The tasks of a product in a list of search results: a click, and a purchase after it. */
export interface ClickTasks extends Readonly<Record<string, BinaryTask>> {
  readonly click: BinaryTask;
  readonly conversion: BinaryTask;
}

export const CLICK_TASKS: ClickTasks = { click: binary(), conversion: binary() };

const BY_HAND =
  'The AliExpress Searching System Dataset (Li et al., CIKM 2020) is at https://tianchi.aliyun.com/dataset/74690, with its terms. ' +
  'MTReclib (https://github.com/easezyc/Multitask-Recommendation-Library) has train.csv and test.csv for each country, and the ' +
  'script that makes them.';

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}_${i + 1}`);

const DECLARATION = {
  features: {
    ...Object.fromEntries(named('categorical', 16).map((name) => [name, categorical()])),
    ...Object.fromEntries(named('numerical', 63).map((name) => [name, numeric()])),
  },
  tasks: CLICK_TASKS,
  keep: ['search_id'],
};

/**
 * Streams one country of the AliExpress Searching System Dataset, in the form of MTReclib: 79 features of user, query and product, and
 * whether the product was clicked and bought. Rows with the same `search_id` are one list of search results. The checksums of the files
 * are not known. Needs Node.
 *
 * @param directory with train.csv and test.csv, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing; as {@link csvStream} does, when the rows are read
 * @example
 * const train = aliExpressStream('AliExpress_NL', 'train');
 * const { table } = await sampleStream(train, { size: 500_000 });
 */
export const aliExpressStream = (directory: string, part: 'train' | 'test'): TableStream<ClickTasks> =>
  csvStream(requireFile(directory, { name: `${part}.csv` }, BY_HAND), DECLARATION);
