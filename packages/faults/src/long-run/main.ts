import { printableLine } from '@polytask/components';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checks, openFolder } from '@polytask/core';
import { linelessTable } from '@polytask/study';
import { LONG_JOBS } from './jobs.ts';
import {
  growthOf,
  isGrowing,
  MEMORY,
  type MemoryKind,
  type MemorySample,
  type JobSamples,
  memoryPicture,
} from './memory.ts';

// npm run long-run -- [--share X] [--only "NAME;NAME"] [--out DIRECTORY]
// Trains, compares, predicts and serves for long, each job in a process of its own, and looks whether memory grows. It writes
// memory.svg, and exits with 1 when memory grows.

const SAMPLES = 60;

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '1' },
    only: { type: 'string' },
    out: { type: 'string', default: 'results/long-run' },
  },
});
const share = Number(values.share);
checks.positive.read(share, '--share');
const names = values.only?.split(';').map((name) => name.trim()) ?? Object.keys(LONG_JOBS);

const jobs: JobSamples[] = [];
for (const name of names) {
  const job = checks.oneOf(...Object.keys(LONG_JOBS)).read(name, '--only');
  const { unit, count } = LONG_JOBS[job]!;
  process.stderr.write(`${job} …\n`);
  jobs.push({ job, unit, samples: await samplesOf(job, Math.ceil(share * count)) });
}

const mb = (value: number): string => value.toFixed(1);
const kinds = Object.keys(MEMORY) as MemoryKind[];
const growths = jobs.map(({ samples }) => kinds.map((kind) => growthOf(samples, kind)));
const isFlat = growths.map((each) => !each.some(isGrowing));
const rows = jobs.map(({ job, unit, samples }, i) => {
  const last = samples.at(-1)!;
  const growth = growths[i]!.map(({ mean, low, high }) =>
    mean >= 0 || mean < 0 ? `${mb(mean)} [${mb(low)}, ${mb(high)}]` : '–',
  );
  return [job, `${last.done.toLocaleString('en')} ${unit}`, mb(last.resident), ...growth, isFlat[i] ? 'flat' : 'GROWS'];
});
const head = ['job', 'work', 'resident MB', ...kinds.map((kind) => `growth of ${MEMORY[kind]}, MB [95%]`), ''];
process.stdout.write(`${linelessTable([head, ...rows])}\n`);

const svg = memoryPicture(jobs);
await openFolder(values.out).write((writer) => writer.replace('memory.svg', svg));
process.stdout.write(`\nWritten: ${printableLine(values.out)}/memory.svg\n`);
if (isFlat.includes(false)) process.exitCode = 1;

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
