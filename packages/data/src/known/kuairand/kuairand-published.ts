import { checkOptions, checks, type Options } from '@polytask/core';
import { readCsv } from '../../csv/read-csv.ts';
import type { Declaration } from '../../declarations/declaration.ts';
import { requireFile } from '../fetching/known-file.ts';
import { texts } from '../../options/checks.ts';
import { concatenate } from '../../table/concatenate.ts';
import { join } from '../../table/join.ts';
import type { Table } from '../../table/table.ts';
import {
  kuairandTasks,
  LOG_FEATURES,
  USER_FEATURES,
  VIDEO_FEATURES,
  type KuairandTask,
  type KuairandTasks,
} from './kuairand-declaration.ts';
import { LAST_VALIDATION_DAY, onDays } from './kuairand-pure.ts';

/** The names of the files in the authors' archive. The log of randomly shown videos is not read. */
export const PUBLISHED_FILES = {
  earlier: 'log_standard_4_08_to_4_21_pure.csv',
  later: 'log_standard_4_22_to_5_08_pure.csv',
  users: 'user_features_pure.csv',
  videos: 'video_features_basic_pure.csv',
} as const;

const BY_HAND =
  'Download KuaiRand-Pure (Gao et al., CIKM 2022; CC BY-SA 4.0) from https://kuairand.com, and name the folder of its CSV files.';

/** The last day of the training rows. */
const LAST_TRAINING_DAY = 20220430;

export interface KuairandPublishedOptions {
  /** The tasks. Default `click`, `long_view`, `like`, `profile_enter` and `comment_stay`. */
  readonly tasks?: readonly KuairandTask[];
}

const OPTIONS: Options<KuairandPublishedOptions> = { tasks: checks.optional(texts) };

/**
 * Reads KuaiRand-Pure in the form that its authors publish, as raw tables: the standard logs from 8 April to 8 May 2022, with the features
 * of users and videos. Training is up to 30 April, validation on 1 and 2 May, test from 3 May. The checksums of the files are not
 * known. Needs Node.
 *
 * @param directory with the two standard logs and the two tables of features, each plain, .gz or .br
 * @throws PolytaskError for a file that is missing or can't be read
 * @example
 * const { train, test } = await readKuairandPublished('KuaiRand-Pure/data');
 * const users = groupsOf(test, 'user_id'); // for AUC by user
 */
export async function readKuairandPublished(
  directory: string,
  options: KuairandPublishedOptions = {},
): Promise<{ train: Table<KuairandTasks>; validation: Table<KuairandTasks>; test: Table<KuairandTasks> }> {
  checkOptions(options, OPTIONS, 'readKuairandPublished');
  const read = <D extends Declaration>(name: string, declaration: D) =>
    readCsv<D['tasks']>(requireFile(directory, { name }, BY_HAND), declaration);
  const { earlier, later, users, videos } = PUBLISHED_FILES;
  const log = { features: LOG_FEATURES, tasks: kuairandTasks(options.tasks), keep: ['date'] };
  const user = await read(users, { features: USER_FEATURES, tasks: {}, keep: ['user_id'] });
  const video = await read(videos, { features: VIDEO_FEATURES, tasks: {}, keep: ['video_id'] });
  const logs = concatenate([await read(earlier, log), await read(later, log)]);
  const all = join(join(logs, user, 'user_id'), video, 'video_id');
  return {
    train: onDays(all, (day) => day <= LAST_TRAINING_DAY),
    validation: onDays(all, (day) => day > LAST_TRAINING_DAY && day <= LAST_VALIDATION_DAY),
    test: onDays(all, (day) => day > LAST_VALIDATION_DAY),
  };
}
