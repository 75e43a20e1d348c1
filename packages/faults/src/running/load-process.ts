import { type Files, loadHere } from '../format.ts';
import { formatOf } from '../formats.ts';

// The program of a process that reads damaged files.

interface Request {
  readonly name: string;
  readonly files: Files;
  readonly whole: string;
}

process.send!('ready');
process.on('message', async ({ name, files, whole }: Request) => {
  process.send!(await loadHere(formatOf(name), files, whole));
});
