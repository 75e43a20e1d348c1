import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScoreStore, SearchLine } from '@polytask/study';
import { appendLine } from '../trials/append-line.ts';

/**
 * The searches of a directory: `search.jsonl`. Half a line at its end, which a killed run left, is passed over.
 *
 * @param others directories whose scores are known too, where they have any
 */
export async function openSearch(directory: string, others: readonly string[] = []): Promise<ScoreStore> {
  const file = path.join(directory, NAME);
  await mkdir(directory, { recursive: true });
  const text = await textOf(file);
  const scores = scoresOf(text);
  const otherTexts = await Promise.all(others.map((other) => textOf(path.join(other, NAME))));
  const otherScores = scoresOf(otherTexts.join('\n'));
  let start = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    score: (key) => scores.get(key),
    otherScore: (key) => otherScores.get(key),
    append(line) {
      scores.set(line.key, line.score ?? NaN);
      const written = start + JSON.stringify(line);
      start = '';
      return appendLine(file, written);
    },
  };
}

const NAME = 'search.jsonl';

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });

function scoresOf(text: string): Map<string, number> {
  const scores = new Map<string, number>();
  for (const line of text.split('\n')) {
    const found = lineOf(line);
    if (found) scores.set(found.key, found.score ?? NaN);
  }
  return scores;
}

function lineOf(text: string): SearchLine | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as SearchLine);
  } catch {
    return undefined; // it is tried again
  }
}
