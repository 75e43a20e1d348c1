import { recordOf } from '@polytask/components';
import { type Tasks, binary, type BinaryTask } from '@polytask/core';
import type { Lists, Texts } from '../../columns/columns.ts';
import { declarationOf } from '../../declarations/declaration.ts';
import { categorical, multiValued, numeric } from '../../declarations/kinds.ts';
import { requireFile } from '../fetching/known-files.ts';
import { joinStream, type TableStream, csvStream } from '../../streams/table-stream.ts';
import { concatenate } from '../../table/concatenate.ts';
import { createTable, type Table } from '../../table/table.ts';

/** The tasks of a product in a list of search results: a click, and a purchase after it. */
export interface ClickTasks extends Readonly<Record<string, BinaryTask>> {
  readonly click: BinaryTask;
  readonly conversion: BinaryTask;
}

const CLICK_TASKS: ClickTasks = { click: binary(), conversion: binary() };

const EXPRESS_BY_HAND =
  'The AliExpress Searching System Dataset (Li et al., CIKM 2020) is at https://tianchi.aliyun.com/dataset/74690, with its terms. ' +
  'MTReclib (https://github.com/easezyc/Multitask-Recommendation-Library) has train.csv and test.csv for each country, and the ' +
  'script that makes them.';

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}_${i + 1}`);

const DECLARATION = {
  features: {
    ...recordOf(named('categorical', 16), () => categorical()),
    ...recordOf(named('numerical', 63), () => numeric()),
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
  csvStream(requireFile(directory, `${part}.csv`, EXPRESS_BY_HAND), DECLARATION);

const BY_HAND =
  'Ali-CCP (Ma et al., SIGIR 2018) is at https://tianchi.aliyun.com/dataset/408, where its terms are, too: sample_train.tar.gz and ' +
  'sample_test.tar.gz. Unpack both, and name the folder of the four CSV files.';

/** The fields of the user, in the file of common features. */
const USER_FIELDS = ['101', '121', '122', '124', '125', '126', '127', '128', '129'];

/** The fields of item, combination of user and item, and position, in the file of impressions. */
const IMPRESSION_FIELDS = ['205', '206', '207', '216', '508', '509', '702', '853', '301'];

const COMMON = 'common_feature_index';

/** Ids in fewer training rows count as unknown, as in the preparation of AITM (Xi et al., KDD 2021). */
const RARE = 10;

/** The common features of some thousand rows take 100 MB, as each row lists hundreds. */
const COMMON_ROWS = 2048;

/** The characters between the features of a list, between field and id of a feature, and between the id and its value. */
export const BETWEEN = { features: '\u0001', id: '\u0002', value: '\u0003' } as const;

const FEATURE_LIST = { feature_list: multiValued({ separator: BETWEEN.features }) };

/**
 * Streams the training or the test part of Ali-CCP: impressions at Taobao, and whether the item was clicked and bought. 18 categorical
 * features, `field_101` and others: the fields with one id per row. In memory are the common features of the part's users
 * (730,600 rows for training), and some thousand impressions. The checksums of the files are not known. Needs Node.
 *
 * @param directory with sample_skeleton_train.csv, common_features_train.csv, and the same for test, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing or can't be read
 * @example
 * const train = await aliCcpStream('ali-ccp', 'train');
 * const { table, total } = await sampleStream(train, { size: 1_000_000 });
 */
export async function aliCcpStream(directory: string, part: 'train' | 'test'): Promise<TableStream<ClickTasks>> {
  const pathOf = (file: string) => requireFile(directory, `${file}_${part}.csv`, BY_HAND);
  const impressions = csvStream(pathOf('sample_skeleton'), {
    header: ['sample_id', 'click', 'conversion', COMMON, 'feature_num', 'feature_list'],
    features: FEATURE_LIST,
    tasks: CLICK_TASKS,
    keep: [COMMON],
  });
  const common = csvStream(pathOf('common_features'), {
    header: [COMMON, 'feature_num', 'feature_list'],
    features: FEATURE_LIST,
    tasks: {},
    keep: [COMMON],
    chunkRows: COMMON_ROWS,
  });
  return joinStream(withFields(impressions, IMPRESSION_FIELDS), await tableOf(withFields(common, USER_FIELDS)), COMMON);
}

/** The rows of a stream with a feature for each field, in place of the list of features. */
function withFields<T extends Tasks>(rows: TableStream<T>, fields: readonly string[]): TableStream<T> {
  const features = recordOf(fields.map(featureOf), () => categorical({ minCount: RARE }));
  const declaration = { ...declarationOf(rows), features };
  return {
    ...declaration,
    async *tables() {
      for await (const { columns, size, where } of rows.tables()) {
        const texts = { ...columns.texts, ...fieldColumns(columns.lists['feature_list']!, fields) };
        yield createTable(declaration, { ...columns, texts, lists: {} }, size, where);
      }
    },
  };
}

async function tableOf<T extends Tasks>(rows: TableStream<T>): Promise<Table<T>> {
  const tables: Table<T>[] = [];
  for await (const table of rows.tables()) tables.push(table);
  return concatenate(tables);
}

/** Takes fields out of lists of features, as Ali-CCP has them: `205␂4281␃1.0␁206␂9␃1.0`. The value of a feature is not read. */
export function fieldColumns(
  { offsets, codes, dictionary }: Lists,
  fields: readonly string[],
): Readonly<Record<string, Texts>> {
  const size = offsets.length - 1;
  const indexOf = new Map(fields.map((field, index) => [field, index]));
  const columns = fields.map(() => ({ codes: new Int32Array(size).fill(-1), dictionary: [] as string[] }));
  const fieldOf = new Int32Array(dictionary.length).fill(-1);
  const idOf = new Int32Array(dictionary.length);
  dictionary.forEach((feature, code) => {
    const [field, id] = feature.split(BETWEEN.value, 1)[0]!.split(BETWEEN.id) as [string, string?];
    const index = indexOf.get(field);
    if (index === undefined || id === undefined) return;
    fieldOf[code] = index;
    idOf[code] = columns[index]!.dictionary.push(id) - 1;
  });
  for (let row = 0; row < size; row++) {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const field = fieldOf[codes[at]!]!;
      if (field >= 0) columns[field]!.codes[row] = idOf[codes[at]!]!;
    }
  }
  return recordOf(fields.map(featureOf), (_, index) => columns[index]!);
}

const featureOf = (field: string): string => `field_${field}`;
