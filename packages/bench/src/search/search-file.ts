import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { appendLine } from '../trials/append-line.ts';
import type { Hyperparameters } from './space.ts';

/** A configuration that was tried: a line of search.jsonl. */
export interface SearchLine {
  /** Of all that the score depends on. */
  readonly key: string;
  readonly setting: string;
  readonly model: string;
  readonly values: Hyperparameters;
  readonly epochs: number;
  /** On the validation rows; null where the training failed. */
  readonly score: number | null;
}

/** The scores that are known, and a place for new ones: a search that was stopped goes on where it was. */
export interface SearchFile {
  readonly known: ReadonlyMap<string, number>;
  /** Those of other directories. */
  readonly elsewhere: ReadonlyMap<string, number>;
  append(line: SearchLine): Promise<void>;
}

/**
 * The searches of a directory: `search.jsonl`. Half a line at its end, which a killed run left, is passed over.
 *
 * @param others directories whose scores are known too, where they have any
 */
export async function openSearch(directory: string, others: readonly string[] = []): Promise<SearchFile> {
  const file = path.join(directory, NAME);
  await mkdir(directory, { recursive: true });
  const text = await textOf(file);
  const known = scoresOf(text);
  const elsewhere = new Map<string, number>();
  for (const other of others)
    for (const [key, score] of scoresOf(await textOf(path.join(other, NAME)))) elsewhere.set(key, score);
  const begin = text === '' || text.endsWith('\n') ? '' : '\n';
  let first = begin;
  return {
    known,
    elsewhere,
    append(line) {
      const start = first;
      first = '';
      return appendLine(file, start + JSON.stringify(line));
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
  const known = new Map<string, number>();
  for (const line of text.split('\n')) {
    const found = lineOf(line);
    if (found) known.set(found.key, found.score ?? NaN);
  }
  return known;
}

function lineOf(text: string): SearchLine | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as SearchLine);
  } catch {
    return undefined; // it is tried again
  }
}
