import { checkOptions, checks, fail, type Options } from '@polytask/core';
import type { Declaration } from '../../declarations/declaration.ts';
import type { Split } from '../../fitting/split.ts';
import { mapParts } from '../../fitting/split-rows.ts';
import { fetchFiles, type FetchedFiles, type FetchOptions } from '../fetching/fetch-files.ts';
import { readKnownFile, requireFile, type KnownFile } from '../fetching/known-file.ts';
import { encode } from '../../fitting/encode.ts';
import { fitSchema } from '../../fitting/fit-schema.ts';
import { texts } from '../../options/checks.ts';
import { join } from '../../table/join.ts';
import { groupsOf, type Table } from '../../table/table.ts';
import {
  kuairandTasks,
  LOG_FEATURES,
  USER_FEATURES,
  VIDEO_FEATURES,
  type KuairandTask,
  type KuairandTasks,
} from './kuairand-declaration.ts';

export const KUAIRAND_FILES = {
  earlier: {
    name: 'log_standard_20220425_20220430.csv',
    sha256: '4154e89502f91871432a1db9af53b496d1f1c9a8e9606b1186e76d08685f25d7',
  },
  later: {
    name: 'log_standard_20220501_20220508.csv',
    sha256: '2e8cd07dc93d15171bf7ecbe5f330425f3fbe854f281d91238614c8214f4df70',
  },
  users: { name: 'user_features_pure.csv', sha256: 'dc729a656301b4c6d07f713fe41d05ec9bfaab670b90e531c70037caf033c011' },
  videos: {
    name: 'video_features_basic_pure.csv',
    sha256: 'a6f7ee02684c5777422306cdc416e170302288aa89aca9dfea995edbd625bcc2',
  },
} as const satisfies Record<string, KnownFile>;

const BY_HAND =
  'KuaiRand (Gao et al., CIKM 2022; CC BY-SA 4.0) is at https://kuairand.com; the four files are known by the sha256 of their text.';

export interface KuairandOptions {
  /** The tasks. Default `click`, `long_view`, `like`, `profile_enter` and `comment_stay`. */
  readonly tasks?: readonly KuairandTask[];
  /** Checks that each file's text is the known one, byte for byte. Default true. */
  readonly verify?: boolean;
}

const KUAIRAND_OPTIONS: Options<KuairandOptions> = {
  tasks: checks.optional(texts),
  verify: checks.optional(checks.flag),
};

/** The encoded parts, and the user of each row. */
export interface KuairandSplit extends Split<KuairandTasks> {
  readonly users: { readonly [P in keyof Split<KuairandTasks>]: ArrayLike<number> };
}

/** Rows of the later log up to this day are for validation. */
export const LAST_VALIDATION_DAY = 20220502;

/**
 * Downloads the four files of the KuaiRand-Pure cut (5 MB) into a directory, as .gz. The sha256 of its text tells each file,
 * whatever the archive. Files are written only when all four are right. Needs Node.
 *
 * @param options `url`: an archive, or a directory (ending in `/`) that has the files as .gz, .br or plain. It has no default:
 * the cut is smaller than the archive that the authors publish.
 * @throws PolytaskError without a url, for a failed download, and for files that are not the known ones
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

/**
 * Reads KuaiRand-Pure as raw tables: 228,329 impressions of short videos, with the features of users and videos. The parts are
 * split by time: training on 25 to 30 April 2022, validation on 1 and 2 May, test on 3 to 8 May. Needs Node.
 *
 * @param directory with the two logs and the two tables of features, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing, is not the known one, or can't be read
 * @example
 * const { train, test } = await readKuairandPure('data/kuairand');
 * const users = groupsOf(test, 'user_id'); // for AUC by user
 */
export async function readKuairandPure(
  directory: string,
  options: KuairandOptions = {},
): Promise<{ train: Table<KuairandTasks>; validation: Table<KuairandTasks>; test: Table<KuairandTasks> }> {
  checkOptions(options, KUAIRAND_OPTIONS, 'readKuairandPure');
  const { verify = true } = options;
  const byHand = `Fetch it with fetchKuairandPure(${JSON.stringify(directory)}, { url }), or copy it there: ${BY_HAND}`;
  const read = <D extends Declaration>(file: KnownFile, declaration: D) =>
    readKnownFile<D['tasks']>(requireFile(directory, file, byHand), file, verify, declaration);

  const { earlier, later, users, videos } = KUAIRAND_FILES;
  const log = { features: LOG_FEATURES, tasks: kuairandTasks(options.tasks), keep: ['date'] };
  const user = await read(users, { features: USER_FEATURES, tasks: {}, keep: ['user_id'] });
  const video = await read(videos, { features: VIDEO_FEATURES, tasks: {}, keep: ['video_id'] });
  const joined = (table: Table<KuairandTasks>) => join(join(table, user, 'user_id'), video, 'video_id');
  const laterRows = joined(await read(later, log));
  return {
    train: joined(await read(earlier, log)),
    validation: onDays(laterRows, (day) => day <= LAST_VALIDATION_DAY),
    test: onDays(laterRows, (day) => day > LAST_VALIDATION_DAY),
  };
}

/** The rows of a log on some days, such as 20220501. */
export function onDays(log: Table<KuairandTasks>, isPart: (day: number) => boolean): Table<KuairandTasks> {
  const { codes, dictionary } = log.columns.texts['date']!;
  const isOn = dictionary.map((day) => isPart(Number(day)));
  return log.subset([...codes.keys()].filter((row) => isOn[codes[row]!]));
}

/**
 * Reads and encodes KuaiRand-Pure: 38 features, five tasks, split by time. The schema is fitted on the training rows. Needs Node.
 *
 * @param directory with the two logs and the two tables of features, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing, is not the known one, or can't be read
 * @example
 * const { train, validation, test, users } = await kuairandPure('data/kuairand');
 * const scores = await evaluate(model, test, { groups: users.test }); // scores.click.gauc
 */
export async function kuairandPure(directory: string, options: KuairandOptions = {}): Promise<KuairandSplit> {
  checkOptions(options, KUAIRAND_OPTIONS, 'kuairandPure');
  const raw = await readKuairandPure(directory, options);
  const schema = fitSchema(raw.train);
  return {
    ...mapParts(raw, (table) => encode(table, schema)),
    users: mapParts(raw, (table) => groupsOf(table, 'user_id')),
  };
}
