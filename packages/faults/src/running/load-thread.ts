import { parentPort } from 'node:worker_threads';
import type { Files } from '../format.ts';
import { formatOf } from '../formats.ts';
import { loadHere } from '../outcome.ts';

// The program of a thread that reads damaged files.

interface Request {
  readonly name: string;
  readonly files: Files;
  readonly whole: string;
}

parentPort!.on('message', async ({ name, files, whole }: Request) => {
  parentPort!.postMessage(await loadHere(formatOf(name), files, whole));
});
