import { labelsOf } from '@polytask/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fetchKuairandPure,
  kuairandPure,
  type KuairandOptions,
  LOG_FEATURES,
  readKuairandPure,
  USER_FEATURES,
  VIDEO_FEATURES,
} from './kuairand-pure.ts';
import { madeUpKuairand, realKuairand } from './kuairand.fixture.ts';

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
