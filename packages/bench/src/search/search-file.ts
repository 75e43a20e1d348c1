import { openFolder, PolytaskError, readSealed, writeSealed } from '@polytask/core';
import { type FileLine, linesOf, type ScoreStore, type SearchLine } from '@polytask/study';

/**
 * Opens the searches of a directory: `search.jsonl`. It ignores an incomplete last line, which a killed run left, and lines that were
 * changed: their configurations are tried again.
 *
 * @param others directories of other runs, whose scores may be copied
 */
export async function openSearch(directory: string, others: readonly string[] = []): Promise<ScoreStore> {
  const folder = openFolder(directory);
  const lines = await linesIn([directory]);
  const otherLines = await linesIn(others);
  return {
    line: (key) => lines.get(key),
    otherLine: (key) => otherLines.get(key),
    append(line) {
      lines.set(line.key, line);
      return folder.write(async (writer) => writer.appendLine(NAME, await writeSealed(line)));
    },
    async claim(key) {
      const release = await folder.claim(key);
      if (release) for (const [other, line] of await linesIn([directory])) lines.set(other, line);
      return release;
    },
  };
}

/** Adds the scores of other directories to the searches of a directory. */
export async function mergeSearches(directories: readonly string[], out: string): Promise<void> {
  const lines = await linesIn([...directories, out]);
  if (lines.size === 0) return;
  const sealed = await Promise.all([...lines.values()].map((line) => writeSealed(line)));
  await openFolder(out).write((writer) => writer.replace(NAME, sealed.map((line) => `${line}\n`).join('')));
}

const NAME = 'search.jsonl';

async function linesIn(directories: readonly string[]): Promise<Map<string, SearchLine>> {
  const files = await Promise.all(directories.map((directory) => openFolder(directory).read(NAME)));
  const own = files.flatMap((bytes) => (bytes ? linesOf(bytes) : []));
  const lines = (await Promise.all(own.map(lineOf))).filter((line) => line !== undefined);
  return new Map(lines.map((line) => [line.key, line]));
}

/** Undefined for a line that is no score: its configuration is tried again. */
async function lineOf({ text }: FileLine): Promise<SearchLine | undefined> {
  if (text === undefined) return undefined;
  const line = await readSealed(text, 'a score as JSON', '').catch((error: unknown) => {
    if (error instanceof PolytaskError) return undefined;
    throw error;
  });
  const isScore = typeof line?.key === 'string' && (line.score === null || Number.isFinite(line.score));
  return isScore ? (line as unknown as SearchLine) : undefined;
}
