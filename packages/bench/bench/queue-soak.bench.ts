// Does a queue lose trials or grow in memory? Two coordinators with half of the trials each, of which one is killed at half of its share and
// started again when the other one is through.
//   npm run queue-soak [-- --trials 1000]
// Prints the memory of the workers' processes in five parts of the run, and exits with 1 if a trial is
// missing or there twice. Needs redis-server, and Linux for the memory.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { linesOf, startCluster, until } from '../src/testing/cluster.ts';

const PARTS = 5;
const HOURS = 2 * 3600;

const { values } = parseArgs({ options: { trials: { type: 'string', default: '1000' } } });
const own = Math.floor(Number(values.trials) / 2);
const cluster = await startCluster();
/** In MB, once a second. */
const memory: number[] = [];
try {
  const worker = cluster.start('worker', '--workers', '2');
  await until('a worker', () => worker.output().includes('waits for trials'));
  const watch = setInterval(() => void residentSet(worker.child.pid!).then((size) => memory.push(size)), 1000);
  const [first, second] = ['first', 'second'].map(bench) as [Started, Started];
  await until('half of the first study', async () => (await done('first')) >= own / 2, HOURS);
  await first.kill();
  console.log(
    `The first coordinator is killed at ${await done('first')} of ${own} trials, the second has ${await done('second')}.`,
  );
  if ((await second.ended()) !== 0) throw new Error(second.output());
  console.log(`The second is through with ${await done('second')} of ${own}, the first has ${await done('first')}.`);
  const again = bench('first');
  if ((await again.ended()) !== 0) throw new Error(again.output());
  clearInterval(watch);
  for (const out of ['first', 'second']) {
    const seeds = (await linesOf(file(out))).map((line) => (JSON.parse(line) as { seed: number }).seed);
    const distinct = new Set(seeds).size;
    console.log(`${out}: ${seeds.length} lines, ${distinct} of ${own} trials.`);
    if (seeds.length !== own || distinct !== own) process.exitCode = 1;
  }
  const parts = Array.from({ length: PARTS }, (_, i) => {
    const of = memory.slice(Math.floor((i * memory.length) / PARTS), Math.floor(((i + 1) * memory.length) / PARTS));
    return Math.round(Math.max(...of));
  });
  console.log(
    `Memory of the worker with its processes, greatest in each fifth of ${memory.length} s: ${parts.join(', ')} MB.`,
  );
  worker.child.kill('SIGINT');
  await worker.ended();
} finally {
  await cluster.stop();
}

type Started = ReturnType<typeof cluster.start>;

function file(out: string): string {
  return path.join(cluster.folder, out, 'results.jsonl');
}

/** The finished trials of a study. */
async function done(out: string): Promise<number> {
  return linesOf(file(out)).then(
    ({ length }) => length,
    () => 0,
  );
}

function bench(out: string): Started {
  return cluster.start(
    ...['bench', 'people.json', '--models', 'shared-bottom', '--epochs', '1', '--engine', 'cpu'],
    ...['--seeds', String(own), '--out', out],
  );
}

/** The resident set of a process and all of its children, in MB. */
async function residentSet(root: number): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const rows = stats.flatMap((stat) => {
    const [, pid, rest = ''] = /^(\d+) \(.*\) (.*)$/s.exec(stat) ?? [];
    const fields = rest.split(' ');
    return pid ? [{ pid: Number(pid), parent: Number(fields[1]), pages: Number(fields[21]) }] : [];
  });
  const within = new Set([root]);
  for (let size = 0; size !== within.size;) {
    size = within.size;
    for (const { pid, parent } of rows) if (within.has(parent)) within.add(pid);
  }
  return rows.reduce((sum, { pid, pages }) => sum + (within.has(pid) ? pages * 4096 : 0), 0) / 1e6;
}
