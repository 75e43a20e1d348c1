import { openFolder } from '@polytask/core';
import type { ScoreStore, SearchLine } from '@polytask/study';
import { type FileLine, readLines } from '../text-files.ts';

/**
 * Opens the searches of a directory: `search.jsonl`. It ignores an incomplete last line, which a killed run left.
 *
 * @param others directories of other runs, whose scores may be copied
 */
export async function openSearch(directory: string, others: readonly string[] = []): Promise<ScoreStore> {
  const scores = await scoresIn([directory]);
  const otherScores = await scoresIn(others);
  return {
    score: (key) => scores.get(key),
    otherScore: (key) => otherScores.get(key),
    append(line) {
      scores.set(line.key, line.score ?? NaN);
      return openFolder(directory).write((writer) => writer.appendLine(NAME, JSON.stringify(line)));
    },
  };
}

const NAME = 'search.jsonl';

async function scoresIn(directories: readonly string[]): Promise<Map<string, number>> {
  const files = await Promise.all(directories.map((directory) => readLines(openFolder(directory), NAME)));
  const lines = files.flat().flatMap((line) => lineOf(line) ?? []);
  return new Map(lines.map(({ key, score }) => [key, score ?? NaN]));
}

function lineOf({ text }: FileLine): SearchLine | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as SearchLine);
  } catch {
    return undefined; // the configuration is tried again
  }
}
