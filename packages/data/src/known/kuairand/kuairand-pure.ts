import {
  fail,
  flag,
  listOf,
  oneOf,
  optional,
  readOptions,
  recordOf,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { binary, type BinaryTask } from '@polytask/core';
import { wrongValue } from '../../columns/columns.ts';
import { categorical, type FeatureDeclaration, multiValued, numeric } from '../../declarations/kinds.ts';
import { encode } from '../../fitting/encode.ts';
import { fitSchema } from '../../fitting/fit-schema.ts';
import { mapParts, type Parts } from '../../fitting/row-split.ts';
import type { Split } from '../../fitting/split.ts';
import { concatenate } from '../../table/concatenate.ts';
import { joinTables } from '../../table/join.ts';
import { groupsOf, type Table } from '../../table/table.ts';
import { type FetchedFiles, fetchFiles, type FetchOptions, knownReader } from '../fetching/known-files.ts';

/** A user's actions at a video, each a yes or no of the log. */
const FEEDBACK = {
  click: binary({ from: 'is_click' }),
  long_view: binary(),
  like: binary({ from: 'is_like' }),
  profile_enter: binary({ from: 'is_profile_enter' }),
  /** Whether the user read the comments; the log has the milliseconds. */
  comment_stay: binary({ from: 'comment_stay_time', above: 0 }),
  follow: binary({ from: 'is_follow' }),
  comment: binary({ from: 'is_comment' }),
  forward: binary({ from: 'is_forward' }),
  hate: binary({ from: 'is_hate' }),
} as const;

export type KuairandTask = keyof typeof FEEDBACK;
export type KuairandTasks = Readonly<Record<string, BinaryTask>>;

/** The five tasks with enough positive rows to measure: 43.8, 30.7, 1.7, 1.9 and 4.2% of the training rows. */
const DEFAULT_TASKS: readonly KuairandTask[] = ['click', 'long_view', 'like', 'profile_enter', 'comment_stay'];

/** Ids in fewer training rows count as unknown: one impression is too few to learn an embedding. */
const RARE = 2;

type Features = Readonly<Record<string, FeatureDeclaration>>;

/** The features of an impression. Play time and feedback come after it, and so are no features. */
export const LOG_FEATURES: Features = {
  user_id: categorical({ minCount: RARE }),
  video_id: categorical({ minCount: RARE }),
  hour: categorical({ from: 'hourmin' }),
  tab: categorical(),
  duration_ms: numeric({ log: true }),
};

/** The features of a user, without the ranges: each repeats a number. */
export const USER_FEATURES: Features = {
  user_active_degree: categorical(),
  is_live_streamer: categorical(),
  is_video_author: categorical(),
  follow_user_num: numeric({ log: true }),
  fans_user_num: numeric({ log: true }),
  friend_user_num: numeric({ log: true }),
  register_days: numeric({ log: true }),
  ...Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`onehot_feat${i}`, categorical()])),
};

export const VIDEO_FEATURES: Features = {
  author_id: categorical({ minCount: RARE }),
  video_type: categorical(),
  upload_type: categorical(),
  server_width: numeric(),
  server_height: numeric(),
  music_id: categorical({ minCount: RARE }),
  music_type: categorical(),
  tag: multiValued({ separator: ',' }),
};

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
};

/** The names of the files in the authors' archive. The log of randomly shown videos is not read. */
export const PUBLISHED_FILES = {
  ...KUAIRAND_FILES,
  earlier: { name: 'log_standard_4_08_to_4_21_pure.csv' },
  later: { name: 'log_standard_4_22_to_5_08_pure.csv' },
};

const BY_HAND =
  'KuaiRand (Gao et al., CIKM 2022; CC BY-SA 4.0) is at https://kuairand.com; the four files are known by the sha256 of their text.';

const PUBLISHED_BY_HAND =
  'Download KuaiRand-Pure (Gao et al., CIKM 2022; CC BY-SA 4.0) from https://kuairand.com, and name the folder of its CSV files.';

const options = {
  /** The tasks. Default `click`, `long_view`, `like`, `profile_enter` and `comment_stay`. */
  tasks: optional(listOf(oneOf(...(Object.keys(FEEDBACK) as KuairandTask[]))), DEFAULT_TASKS),
  /** Checks that each file's text is the known one, byte for byte. */
  verify: optional(flag, true),
  /**
   * Reads the files that the authors publish: the standard logs from 8 April to 8 May 2022. Training is up to 30 April. The checksums of
   * these files are not known.
   */
  published: optional(flag, false),
};

export interface KuairandOptions extends Written<typeof options>, FromDescription {}

/** The first days of validation and of the test. */
const [VALIDATION, TEST] = [20220501, 20220503];

type KuairandTables = Parts<Table<KuairandTasks>>;

/** The encoded parts, and the user of each row. */
export interface KuairandSplit extends Split<KuairandTasks> {
  readonly users: Parts<ArrayLike<number>>;
}

/**
 * Downloads the four files of the KuaiRand-Pure cut (5 MB) into a directory, as .gz. The sha256 of its text tells each file,
 * whatever the archive. Files are written only when all four are right. Needs Node.
 *
 * @param options `url` has no default: the cut is smaller than the archive that the authors publish
 * @throws PolytaskError without a url, for a failed download, and for files that are not the known ones
 * @example await fetchKuairandPure('data/kuairand', { url: 'https://example.org/kuairand-pure/' });
 */
export async function fetchKuairandPure(directory: string, options: Partial<FetchOptions> = {}): Promise<FetchedFiles> {
  const { url, ...rest } = options;
  if (url === undefined) {
    fail({
      expected: 'the url of an archive or a directory with the four files',
      received: 'none',
      fix: `Pass url, or copy the files to ${directory}: ${BY_HAND}`,
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
export async function readKuairandPure(directory: string, given: KuairandOptions = {}): Promise<KuairandTables> {
  const { verify, tasks, published } = readOptions(given, options, 'readKuairandPure');
  const fetched = `Fetch it with fetchKuairandPure(${JSON.stringify(directory)}, { url }), or copy it there: ${BY_HAND}`;
  const read = knownReader(directory, published ? PUBLISHED_BY_HAND : fetched, verify && !published);
  const { earlier, later, users, videos } = published ? PUBLISHED_FILES : KUAIRAND_FILES;
  const log = { features: LOG_FEATURES, tasks: recordOf(tasks, (name) => FEEDBACK[name]), keep: ['date'] };
  const user = await read(users, { features: USER_FEATURES, tasks: {}, keep: ['user_id'] });
  const video = await read(videos, { features: VIDEO_FEATURES, tasks: {}, keep: ['video_id'] });
  const logs = concatenate<KuairandTasks>([await read(earlier, log), await read(later, log)]);
  const all = joinTables(joinTables(logs, user, 'user_id'), video, 'video_id');
  const { codes, dictionary } = all.columns.texts['date']!;
  const days = dictionary.map((text) => (/^\d{8}$/.test(text) ? Number(text) : NaN));
  const wrong = codes.findIndex((code) => !(days[code]! >= 0)); // a missing date, too
  if (wrong >= 0) {
    const fix = 'Correct the date, or leave the row out.';
    wrongValue(dictionary[codes[wrong]!] ?? '', 'a date of eight digits', 'date', all.where(wrong), fix);
  }
  const between = (from: number, to: number) =>
    all.subset([...codes.keys()].filter((row) => days[codes[row]!]! >= from && days[codes[row]!]! < to));
  return { train: between(0, VALIDATION), validation: between(VALIDATION, TEST), test: between(TEST, Infinity) };
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
export async function kuairandPure(directory: string, given: KuairandOptions = {}): Promise<KuairandSplit> {
  readOptions(given, options, 'kuairandPure');
  const raw = await readKuairandPure(directory, given);
  const schema = fitSchema(raw.train);
  return {
    ...mapParts(raw, (table) => encode(table, schema)),
    users: mapParts(raw, (table) => groupsOf(table, 'user_id')),
  };
}
