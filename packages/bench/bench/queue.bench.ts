// What does the queue cost? 1,000 trials of about 0.1 s, with two workers: the pool of one machine against Redis.
//   npm run queue-overhead [-- --trials 1000]
// The two take turns, so that other work of the machine slows both. Prints the seconds, and exits with 1 if the queue takes more than
// 1.2 times those of the pool. Needs redis-server.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPolytask, startRedis, until } from '../src/testing/cluster.ts';

const MOST = 1.2;
const WORKERS = '2';
const ROUNDS = 4;

const { values } = parseArgs({ options: { trials: { type: 'string', default: '1000' } } });
const trials = Number(values.trials);
const folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-overhead-'));
const redis = await startRedis(folder);
const queue = { POLYTASK_QUEUE: redis.url };
const worker = startPolytask(['worker', '--workers', WORKERS], queue, folder);
try {
  await until('a worker', () => worker.output().includes('waits for trials'));
  await run('warm-up', 10, [], queue); // the worker's processes start once
  let [onQueue, inPool] = [0, 0];
  for (let round = 1; round <= ROUNDS; round++) {
    onQueue += await run(`queue-${round}`, trials / ROUNDS, ['--force'], queue);
    inPool += await run(`pool-${round}`, trials / ROUNDS, ['--workers', WORKERS]);
  }
  const ratio = onQueue / inPool;
  const verdict = `${ratio.toFixed(2)} times the pool's time; at most ${MOST} is allowed`;
  console.log(`pool ${inPool.toFixed(1)} s, queue ${onQueue.toFixed(1)} s: ${verdict}`);
  if (ratio > MOST) process.exitCode = 1;
} finally {
  worker.child.kill('SIGINT');
  await worker.ended();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Seconds from the first result to the last: the start of processes counts for neither. */
async function run(out: string, seeds: number, more: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const study = ['synthetic', '--models', 'shared-bottom', '--epochs', '1', '--limit-rows', '50', '--engine', 'cpu'];
  const bench = startPolytask(['bench', ...study, '--seeds', String(seeds), '--out', out, ...more], env, folder);
  const finished = () => bench.output().split('(best epoch').length - 1;
  await until('the first trial', () => finished() > 0);
  const start = performance.now();
  await until('the last trial', () => finished() >= seeds, 1800);
  const end = performance.now();
  if ((await bench.ended()) !== 0) throw new Error(bench.output());
  return (end - start) / 1000;
}
