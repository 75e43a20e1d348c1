import { labelsOf } from '@polytask/core';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fetchKuairandPure,
  KUAIRAND_FILES,
  kuairandPure,
  type KuairandOptions,
  LOG_FEATURES,
  PUBLISHED_FILES,
  readKuairandPure,
  USER_FEATURES,
  VIDEO_FEATURES,
} from './kuairand-pure.ts';

/** The directory with the real files, where there is one: POLYTASK_KUAIRAND, or `shared` beside the repository. */
const realKuairand: string | undefined = [
  process.env['POLYTASK_KUAIRAND'],
  fileURLToPath(new URL('../../../../../../shared/data/kuairand-pure', import.meta.url)),
].find((path) => path !== undefined && existsSync(path));

const LOG =
  'user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,' +
  'play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,is_rand,tab';
const ONE_HOT = Array.from({ length: 18 }, (_, i) => `onehot_feat${i}`);

/** An impression: user, video, day, then what was done, every third time of each kind another thing. */
const impression = (i: number, day: number): string =>
  `${i % 4},${i % 3},${day},${(i % 24) * 100},1650812741436,${i % 2},${Number(i % 3 === 0)},0,0,0,0,${i % 2},` +
  `${i * 7},${1000 + i},0,${(i % 5) * 100},${Number(i % 6 === 5)},0,1`;

const log = (days: readonly number[], rows: number): string =>
  `${LOG}\n${Array.from({ length: rows }, (_, i) => `${impression(i, days[i % days.length]!)}\n`).join('')}`;

const RANGES = ['follow_user_num', 'fans_user_num', 'friend_user_num', 'register_days'];
const USER_COLUMNS = [
  ...['user_id', 'user_active_degree', 'is_lowactive_period', 'is_live_streamer', 'is_video_author'],
  ...RANGES.flatMap((name) => [name, `${name}_range`]),
  ...ONE_HOT,
];

const userRow = (user: number): string => {
  const ranges = `${user * 100},"(0,10]",5,"[1,10)",1,0,${700 + user},730+`;
  const oneHot = ONE_HOT.map((_, i) => (i === 4 ? '' : `${(user + i) % 3}.0`));
  return `${user},full_active,0,-124,${user % 2},${ranges},${oneHot.join(',')}\n`;
};

/** The four files in the format of the real ones, made up: 24 and 24 impressions, three of four users, three videos. */
const madeUpKuairand: Readonly<Record<string, string>> = {
  [KUAIRAND_FILES.earlier.name]: log([20220425, 20220430], 24),
  [KUAIRAND_FILES.later.name]: log([20220501, 20220502, 20220503, 20220508], 24),
  [KUAIRAND_FILES.users.name]: `${USER_COLUMNS.join(',')}\n${[0, 1, 2].map(userRow).join('')}`,
  [KUAIRAND_FILES.videos.name]:
    `video_id,author_id,video_type,upload_dt,upload_type,visible_status,video_duration,server_width,server_height,music_id,music_type,tag
0,7349781,NORMAL,2022-04-10,LongImport,0.0,87433.0,720.0,1280.0,9155697141,9.0,39
1,2103883,NORMAL,2022-04-10,Kmovie,0.0,218066.0,720.0,1280.0,6355810746,9.0,"20,43"
2,5067285,AD,2022-04-09,ShortImport,0.0,,720.0,,6618412736,4.0,
`,
};

const { users, videos } = KUAIRAND_FILES;

/** The files in the form that the authors publish, made up: 20 and 30 impressions. */
const madeUpPublished: Readonly<Record<string, string>> = {
  [PUBLISHED_FILES.earlier.name]: log([20220408, 20220421], 20),
  [PUBLISHED_FILES.later.name]: log([20220422, 20220430, 20220501, 20220502, 20220503], 30),
  [users.name]: madeUpKuairand[users.name]!,
  [videos.name]: madeUpKuairand[videos.name]!,
};

/** What the log says of after the impression. */
const AFTERWARDS =
  /^(is_click|is_like|is_follow|is_comment|is_forward|is_hate|long_view|play_time|profile_stay|comment_stay|is_profile)/;

describe('the declaration of KuaiRand-Pure', () => {
  it('has no feature that comes after the impression', () => {
    const features = Object.entries({ ...LOG_FEATURES, ...USER_FEATURES, ...VIDEO_FEATURES });
    expect(features.length).toBe(38);
    expect(features.filter(([name, { from = name }]) => AFTERWARDS.test(from))).toEqual([]);
  });
});

describe('KuaiRand files', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'polytask-kuairand-'));
    for (const [name, text] of Object.entries(madeUpKuairand))
      writeFileSync(join(directory, `${name}.gz`), gzipSync(text));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are split by time, with the features of users and videos at each impression', async () => {
    const { train, validation, test } = await readKuairandPure(directory, { verify: false });
    const days = (table: typeof train) =>
      new Set(Array.from(table.columns.texts['date']!.codes, (code) => table.columns.texts['date']!.dictionary[code]));
    expect([train.size, validation.size, test.size]).toEqual([24, 12, 12]);
    expect(days(validation)).toEqual(new Set(['20220501', '20220502']));
    expect(days(test)).toEqual(new Set(['20220503', '20220508']));
    // user 3 isn't among the users; video 2 has no height and no tag
    expect(Array.from(train.columns.numbers['register_days']!.subarray(0, 4))).toEqual([700, 701, 702, NaN]);
    expect(Array.from(train.columns.numbers['server_height']!.subarray(0, 4))).toEqual([1280, 1280, NaN, 1280]);
    const { offsets, codes, dictionary } = train.columns.lists['tag']!;
    const tags = (row: number) =>
      Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => dictionary[code]);
    expect([0, 1, 2, 3].map(tags)).toEqual([['39'], ['20', '43'], [], ['39']]);
  });

  it('have labels by the columns of feedback, and users as groups', async () => {
    const { train, test, users } = await kuairandPure(directory, {
      verify: false,
      tasks: ['like', 'comment_stay', 'profile_enter'],
    });
    const labels = (task: string) => Array.from(labelsOf(train.arrays, task).labels);
    const rows = Array.from({ length: 24 }, (_, i) => i);
    expect(labels('like')).toEqual(rows.map((i) => Number(i % 3 === 0)));
    expect(labels('comment_stay')).toEqual(rows.map((i) => Number(i % 5 > 0)));
    expect(labels('profile_enter')).toEqual(rows.map((i) => Number(i % 6 === 5)));
    expect(Array.from(users.train)).toEqual(rows.map((i) => i % 4));
    expect(users.test.length).toBe(test.size);
  });

  it('have the tasks that are asked for', async () => {
    const tasksOf = async (options: KuairandOptions) =>
      Object.keys((await readKuairandPure(directory, { verify: false, ...options })).test.tasks);
    expect(await tasksOf({})).toEqual(['click', 'long_view', 'like', 'profile_enter', 'comment_stay']);
    expect(await tasksOf({ tasks: ['follow', 'hate'] })).toEqual(['follow', 'hate']);
    await expect(tasksOf({ tasks: ['likes' as 'like'] })).rejects.toThrow('received "likes". Did you mean "like"?');
  });

  it('are refused where they are others, or not there; and are fetched from a place that one names', async () => {
    await expect(readKuairandPure(directory)).rejects.toThrow(
      /user_features_pure\.csv\.gz to have sha256 dc729a65.*verify: false/,
    );
    await expect(readKuairandPure(join(directory, 'x'))).rejects.toThrow(
      /Fetch it with fetchKuairandPure\(.*kuairand\.com/,
    );
    await expect(fetchKuairandPure(directory)).rejects.toThrow(
      'the url of an archive or a directory with the four files, received none',
    );
  });
});

describe.runIf(realKuairand)('the real KuaiRand-Pure files', { tags: ['long'] }, () => {
  it('have 228,329 impressions and the rates of feedback that a count of their lines gives', async () => {
    const { train, validation, test } = await kuairandPure(realKuairand!);
    expect([train.size, validation.size, test.size]).toEqual([94_784, 40_344, 93_201]);
    const rate = (task: string) => labelsOf(train.arrays, task).labels.reduce((a, b) => a + b, 0) / train.size;
    expect(rate('click')).toBeCloseTo(0.437869, 5);
    expect(rate('long_view')).toBeCloseTo(0.307256, 5);
    expect(rate('like')).toBeCloseTo(0.0171442, 6);
    expect(rate('profile_enter')).toBeCloseTo(0.0194126, 6);
    expect(rate('comment_stay')).toBeCloseTo(0.0415893, 6);
  });
});

describe('the published files', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'polytask-kuairand-'));
    for (const [name, text] of Object.entries(madeUpPublished)) writeFileSync(join(directory, name), text);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('splits both logs by time, with the features of users and videos', async () => {
    const { train, validation, test } = await readKuairandPure(directory, { published: true });
    const days = ({ columns }: typeof train) => {
      const { codes, dictionary } = columns.texts['date']!;
      return [...new Set(Array.from(codes, (code) => dictionary[code]))].sort();
    };
    expect([train.size, validation.size, test.size]).toEqual([20 + 12, 12, 6]); // 30 rows on five days
    expect(days(train)).toEqual(['20220408', '20220421', '20220422', '20220430']);
    expect(days(validation)).toEqual(['20220501', '20220502']);
    expect(days(test)).toEqual(['20220503']);
    const { author_id, user_active_degree } = train.columns.texts;
    expect(author_id!.dictionary[author_id!.codes[0]!]).toBe('7349781'); // video 0
    expect(user_active_degree!.dictionary[user_active_degree!.codes[0]!]).toBe('full_active');
    expect(Object.keys(train.tasks)).toEqual(['click', 'long_view', 'like', 'profile_enter', 'comment_stay']);
  });

  it('says which row has no day', async () => {
    const file = join(directory, PUBLISHED_FILES.later.name);
    for (const day of ['2022-04-30', '']) {
      writeFileSync(file, log([20220422, 20220501, 20220503], 9).replace(',20220501,', `,${day},`));
      await expect(readKuairandPure(directory, { published: true })).rejects.toThrow(
        `Expected a date of eight digits in ${file}, line 3, column "date", received "${day}". Correct the date`,
      );
    }
  });

  it('says which file is missing, and where to get it', async () => {
    rmSync(join(directory, 'log_standard_4_22_to_5_08_pure.csv'));
    await expect(readKuairandPure(directory, { published: true })).rejects.toThrow('https://kuairand.com');
  });
});
