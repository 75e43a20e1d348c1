// What does the queue cost? 1,000 trials of about 0.1 s, with two workers: the pool of one machine against Redis.
//   npm run queue-overhead [-- --trials 1000]
// Prints the seconds of both, and exits with 1 if the queue takes more than 1.2 times those of the pool. Needs redis-server.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPolytask, startRedis, until } from '../src/testing/cluster.ts';

const MOST = 1.2;
const WORKERS = '2';

const { values } = parseArgs({ options: { trials: { type: 'string', default: '1000' } } });
const folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-overhead-'));
const redis = await startRedis(folder);
const queue = { POLYTASK_QUEUE: redis.url };
const worker = startPolytask(['worker', '--workers', WORKERS], queue, folder);
try {
  await until('a worker', () => worker.output().includes('waits for trials'));
  await run('warm-up', [], queue, '10'); // the worker's processes start once
  const onQueue = await run('queue', [], queue);
  const inPool = await run('pool', ['--workers', WORKERS]);
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
async function run(out: string, more: string[], env: NodeJS.ProcessEnv = {}, trials = values.trials): Promise<number> {
  const study = ['synthetic', '--models', 'single-task', '--epochs', '1', '--limit-rows', '1000', '--engine', 'cpu'];
  const bench = startPolytask(['bench', ...study, '--seeds', trials, '--out', out, ...more], env, folder);
  await until('the first trial', () => bench.output().includes('best epoch'));
  const start = performance.now();
  let end = start;
  const last = `${trials}/${trials} `;
  await until('the last trial', () => bench.output().includes(last) && ((end = performance.now()), true), 1800);
  if ((await bench.ended()) !== 0) throw new Error(bench.output());
  return (end - start) / 1000;
}
