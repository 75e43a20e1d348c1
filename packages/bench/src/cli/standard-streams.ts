import { createReadStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { headOf } from '../text-files.ts';
import type { Invocation } from './io.ts';

/** The name that stands for stdin, and for stdout. */
export const STANDARD = '-';

let temporary: string | undefined;

/** A file in a folder of this process, which is removed when it ends: a reader such as `head` may end it early. */
export function temporaryFile(name: string): string {
  if (temporary === undefined) {
    const folder = (temporary = mkdtempSync(path.join(os.tmpdir(), 'polytask-')));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return path.join(temporary, name);
}

/** The file of an argument. Stdin is copied to a file, because readers read a file twice; its ending says the format, and messages name it `stdin.csv`. */
export async function inputFile(
  name: string,
  { stdin = process.stdin }: Pick<Invocation, 'stdin'>,
): Promise<string | File> {
  if (name !== STANDARD) return name;
  const file = temporaryFile('stdin');
  await writeFile(file, stdin);
  return new File([await openAsBlob(file)], `stdin${endingOf(await headOf(file))}`);
}

/** Writes a file to stdout. Only a terminal gets control characters as escapes. */
export async function writeToStdout(file: string, { stdout, rowsOut }: Pick<Invocation, 'stdout' | 'rowsOut'>) {
  const output = stdout.isTTY ? stdout : rowsOut;
  for await (const text of createReadStream(file, 'utf8')) output.write(text as string);
}

/** The ending of a file that begins with these bytes: of Parquet, Arrow, JSON, JSON lines or else CSV, plain or gzip. */
function endingOf(head: Buffer): string {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const bytes = isGzip ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
  const text = bytes.toString('utf8').replace('\uFEFF', '').trimStart();
  const [, ending] = ENDINGS.find(([start]) => text.startsWith(start))!;
  return isGzip ? `${ending}.gz` : ending;
}

const ENDINGS = [
  ['PAR1', '.parquet'],
  ['ARROW1', '.arrow'],
  ['[', '.json'],
  ['{', '.jsonl'],
  ['', '.csv'],
] as const;
