import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checks } from '@polytask/core';
import { linelessTable } from '@polytask/study';
import { LONG_JOBS } from './jobs.ts';
import { growthOf, isGrowing, MEMORY, type MemoryKind, type MemorySample } from './memory.ts';

// npm run long-run -- [--share X] [--only "NAME;NAME"]
// Trains, compares, predicts and serves for long, each job in a process of its own, and looks whether memory grows. It exits with 1
// when it does.

const SAMPLES = 60;

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const share = Number(values.share);
checks.positive.read(share, '--share');
const names = values.only?.split(';').map((name) => name.trim()) ?? Object.keys(LONG_JOBS);

const kinds = Object.keys(MEMORY) as MemoryKind[];
const mb = (value: number): string => value.toFixed(1);
const rows: string[][] = [];
for (const name of names) {
  const job = checks.oneOf(...Object.keys(LONG_JOBS)).read(name, '--only');
  const { unit, count } = LONG_JOBS[job]!;
  process.stderr.write(`${job} …\n`);
  const samples = await samplesOf(job, Math.ceil(share * count));
  const last = samples.at(-1)!;
  const growths = kinds.map((kind) => growthOf(samples, kind));
  const texts = growths.map(({ mean, low, high }) =>
    Number.isNaN(mean) ? '–' : `${mb(mean)} [${mb(low)}, ${mb(high)}]`,
  );
  const grows = growths.some(isGrowing);
  if (grows) process.exitCode = 1;
  const work = `${last.done.toLocaleString('en')} ${unit}`;
  rows.push([job, work, mb(last.resident), ...texts, grows ? 'GROWS' : 'flat']);
}

const head = ['job', 'work', 'resident MB', ...kinds.map((kind) => `growth of ${MEMORY[kind]}, MB [95%]`), ''];
process.stdout.write(`${linelessTable([head, ...rows])}\n`);

/** @throws Error when the process of the job fails */
async function samplesOf(job: string, count: number): Promise<MemorySample[]> {
  const program = fileURLToPath(new URL('./job-process.ts', import.meta.url));
  const execArgv = [...process.execArgv, '--expose-gc'];
  const child = fork(program, [job, String(count), String(SAMPLES)], {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const samples: MemorySample[] = [];
  child.on('message', (sample) => samples.push(sample as MemorySample));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The process of the job "${job}" ended with exit code ${code}.`);
  return samples;
}
