import { checkOptions, checks, type Options } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';
import type { KnownFile } from '../fetching/known-file.ts';
import { readKnownFile, requireFile } from '../fetching/read-known-file.ts';
import { texts } from '../options/checks.ts';
import { join } from '../table/join.ts';
import type { Table } from '../table/table.ts';
import {
  kuairandTasks,
  LOG_FEATURES,
  USER_FEATURES,
  VIDEO_FEATURES,
  type KuairandTask,
  type KuairandTasks,
} from './kuairand-declaration.ts';
import { BY_HAND, KUAIRAND_FILES } from './kuairand-files.ts';

export interface KuairandOptions {
  /** What to predict. Default `click`, `long_view`, `like`, `profile_enter` and `comment_stay`. */
  readonly tasks?: readonly KuairandTask[];
  /** Checks that the texts are the known ones, byte for byte. Default true. */
  readonly verify?: boolean;
}

export const KUAIRAND_OPTIONS: Options<KuairandOptions> = {
  tasks: checks.optional(texts),
  verify: checks.optional(checks.flag),
};

/** The rows of the later log up to this day are for validation. */
const LAST_VALIDATION_DAY = 20220502;

/**
 * Reads KuaiRand-Pure, 228,329 impressions of short videos with the features of users and videos, as raw tables split by
 * time: to train on 25 to 30 April 2022, to validate on 1 and 2 May, to test on 3 to 8 May.
 *
 * @param directory with the two logs and the two tables of features, each plain, .gz or .br
 * @throws PolytaskError where a file is not there, is not the known one, or can't be read
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
  const whole = (table: Table<KuairandTasks>) => join(join(table, user, 'user_id'), video, 'video_id');
  const after = whole(await read(later, log));
  const { codes, dictionary } = after.columns.texts['date']!;
  const early = dictionary.map((day) => Number(day) <= LAST_VALIDATION_DAY);
  const rows = (wanted: boolean) => [...codes.keys()].filter((row) => early[codes[row]!] === wanted);
  return {
    train: whole(await read(earlier, log)),
    validation: after.subset(rows(true)),
    test: after.subset(rows(false)),
  };
}
