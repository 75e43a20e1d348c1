import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ScoreStore, SearchLine } from '@polytask/study';
import { appendLine, readText } from '../text-files.ts';

/**
 * Opens the searches of a directory: `search.jsonl`. It ignores an incomplete last line, which a killed run left.
 *
 * @param others directories of other runs, whose scores may be copied
 */
export async function openSearch(directory: string, others: readonly string[] = []): Promise<ScoreStore> {
  const file = path.join(directory, NAME);
  await mkdir(directory, { recursive: true });
  const oldText = await readText(file);
  const scores = scoresOf(oldText);
  const otherTexts = await Promise.all(others.map((other) => readText(path.join(other, NAME))));
  const otherScores = scoresOf(otherTexts.join('\n'));
  let start = oldText === '' || oldText.endsWith('\n') ? '' : '\n';
  return {
    score: (key) => scores.get(key),
    otherScore: (key) => otherScores.get(key),
    append(line) {
      scores.set(line.key, line.score ?? NaN);
      const text = start + JSON.stringify(line);
      start = '';
      return appendLine(file, text);
    },
  };
}

const NAME = 'search.jsonl';

function scoresOf(text: string): Map<string, number> {
  const scores = new Map<string, number>();
  for (const line of text.split('\n')) {
    const entry = lineOf(line);
    if (entry) scores.set(entry.key, entry.score ?? NaN);
  }
  return scores;
}

function lineOf(text: string): SearchLine | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as SearchLine);
  } catch {
    return undefined; // the configuration is tried again
  }
}
