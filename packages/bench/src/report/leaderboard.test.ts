import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareDataSets, dataSetsDocument, renderMarkdown } from '@polytask/study';
import { expect, test } from 'vitest';
import { readResults } from '../trials/run-files.ts';

const at = (path: string) => fileURLToPath(new URL(`../../../../docs/leaderboard/${path}`, import.meta.url));

test.each([
  ['tables', 'leaderboard.md', undefined],
  ['fresh', 'fresh.md', 'shared-bottom (members, teacher)'],
  ['larger', 'larger.md', 'shared-bottom (members, teacher)'],
])('the trials of docs/leaderboard/%s give %s to the letter', async (folder, page, configuration) => {
  const names = readdirSync(at(folder)).sort();
  const folders = await Promise.all(
    names.map(async (name) => ({
      from: `docs/leaderboard/${folder}/${name}`,
      trials: await readResults(at(`${folder}/${name}`)),
    })),
  );
  expect(renderMarkdown(dataSetsDocument(compareDataSets(folders, { configuration })))).toBe(
    readFileSync(at(page), 'utf8'),
  );
});
