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
  const lines = linesOf(oldText);
  const otherTexts = await Promise.all(others.map((other) => readText(path.join(other, NAME))));
  const otherLines = linesOf(otherTexts.join('\n'));
  let start = oldText === '' || oldText.endsWith('\n') ? '' : '\n';
  return {
    line: (key) => lines.get(key),
    otherLine: (key) => otherLines.get(key),
    append(line) {
      lines.set(line.key, line);
      const text = start + JSON.stringify(line);
      start = '';
      return appendLine(file, text);
    },
  };
}

const NAME = 'search.jsonl';

function linesOf(text: string): Map<string, SearchLine> {
  const lines = text.split('\n').flatMap((line) => lineOf(line) ?? []);
  return new Map(lines.map((line) => [line.key, line]));
}

function lineOf(text: string): SearchLine | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as SearchLine);
  } catch {
    return undefined; // the configuration is tried again
  }
}
