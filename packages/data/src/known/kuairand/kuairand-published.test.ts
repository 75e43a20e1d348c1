import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { madeUpPublished } from './kuairand.fixture.ts';
import { readKuairandPublished } from './kuairand-pure.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-kuairand-'));
  for (const [name, text] of Object.entries(madeUpPublished)) writeFileSync(join(directory, name), text);
});
afterAll(() => rmSync(directory, { recursive: true }));

it('splits both logs by time, with the features of users and videos', async () => {
  const { train, validation, test } = await readKuairandPublished(directory);
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

it('says which file is missing, and where to get it', async () => {
  rmSync(join(directory, 'log_standard_4_22_to_5_08_pure.csv'));
  await expect(readKuairandPublished(directory)).rejects.toThrow('https://kuairand.com');
});
