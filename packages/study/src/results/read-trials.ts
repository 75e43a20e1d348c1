import { fail } from '@polytask/core';
import { decompress } from '@polytask/data';
import { parseResult, testedOf, type Result, type TrialResult, lastOfEach } from './trial-result.ts';

/**
 * Reads a results file: `results.jsonl`, or `results.jsonl.gz`, which gzip has compressed. A last line without an end is
 * left out: its writer is still writing, or was killed. Of two lines of a trial the last one counts.
 *
 * @param name of the file. Its ending says whether it is compressed
 * @throws PolytaskError for damaged gzip, and for a line that isn't a result or was changed, with its number
 */
export async function readResults(bytes: Uint8Array, name: string): Promise<Result[]> {
  const all = await unpacked(bytes, name);
  const results: Promise<Result>[] = [];
  for (let start = 0, end; (end = all.indexOf(NEWLINE, start)) >= 0; start = end + 1)
    results.push(resultOf(all.subarray(start, end), `${name}:${results.length + 1}`));
  return lastOfEach(await Promise.all(results));
}

/**
 * Reads the trials on the test rows of a results file, as {@link readResults} does.
 *
 * @example const trials = await readTrials(await readFile('results/results.jsonl.gz'), 'results.jsonl.gz');
 */
export const readTrials = async (bytes: Uint8Array, name: string): Promise<TrialResult[]> =>
  testedOf(await readResults(bytes, name));

/** The content of a file, unpacked if its name ends in `.gz`. gzip has a checksum, so damage of any kind is noticed. */
async function unpacked(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (!name.endsWith('.gz')) return bytes;
  const parts: BlobPart[] = [];
  for await (const piece of decompress(once(bytes), 'gzip', name)) parts.push(piece as Uint8Array<ArrayBuffer>);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const NEWLINE = 10;
const decoder = new TextDecoder('utf-8', { fatal: true });

async function resultOf(line: Uint8Array, where: string): Promise<Result> {
  let text: string;
  try {
    text = decoder.decode(line);
  } catch {
    return fail({
      expected: `a trial as JSON in ${where}`,
      received: 'bytes that are not UTF-8',
      fix: 'Fix or remove the line, or write to another directory.',
    });
  }
  return parseResult(text, where);
}
