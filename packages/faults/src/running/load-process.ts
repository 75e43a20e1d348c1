import { type Files, loadHere } from '../format.ts';
import { formatOf } from '../formats.ts';

// The program of a process that reads damaged files.

process.send!('ready');
process.on('message', async ({ name, files, whole }: { name: string; files: Files; whole: string }) => {
  process.send!(await loadHere(formatOf(name), files, whole));
});
