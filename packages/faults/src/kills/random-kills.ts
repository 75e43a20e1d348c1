import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, randomStream } from '@polytask/core';
import { fit } from '@polytask/training';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inDirectory } from '../formats/temporary-files.ts';
import { withModel } from '../formats/models.ts';
import { longTraining, rows, smallModel, stateOf } from './scenarios.ts';

interface Job {
  readonly name: string;
  readonly share: number;
  /** Starts the job, or goes on with it. */
  start(directory: string): Victim;
  /** Checks what a kill has left. @throws when it isn't whole */
  check?(directory: string): Promise<void>;
  /** Goes on with the job to its end, and gives its result as text. Undefined for a job without an end. */
  readonly result?: (directory: string) => Promise<string>;
}

/** So many completions more than kills mean that a job can't be killed at its work. */
const MOST_COMPLETIONS = 20;

/** Kills a job at random moments until it has been killed so often. A job that comes to its end is compared, and begun anew. */
async function killAtRandom(job: Job, kills: number, random: () => number) {
  const faults: string[] = [];
  let [done, completions] = [0, 0];
  let expected: string | undefined;
  while (done < kills && completions < done + MOST_COMPLETIONS) {
    await inDirectory({}, async (directory) => {
      let running = true;
      while (running && done < kills) {
        const victim = job.start(directory);
        running = await victim.begun();
        if (running) await wait(random, 1500);
        await victim.kill();
        running = victim.wasKilled();
        if (running) done++;
        await job.check?.(directory);
      }
      if (!job.result) return;
      await job.start(directory).done();
      completions++;
      expected ??= await inDirectory({}, job.result);
      if ((await job.result(directory)) !== expected) faults.push('a killed job ended with another result');
    }).catch((error: Error) => {
      faults.push(error.message);
      done++; // an error that repeats comes to an end
    });
  }
  if (done < kills) faults.push(`it was killed only ${done} times, because it ended first`);
  return { name: job.name, kills: done, completions, faults };
}

const checkModel = async (directory: string): Promise<void> => {
  await withModel(await load(path.join(directory, 'model')), async (model) => {
    const wanted = await withModel(smallModel(model.config.seed), stateOf);
    if ((await stateOf(model)) !== wanted) throw new Error('a saved model has the weights of another one');
  });
};

const trainingJob = (engine: string): Job => ({
  name: `fit, ${engine}`,
  share: 0.3,
  start: (directory) => startVictim('./victim.fixture.ts', [engine, directory]),
  result(directory) {
    return withModel(smallModel(7), async (model) => {
      await fit(model, rows, longTraining(engine, directory)); // goes on from the last checkpoint, if there is one
      return stateOf(model);
    });
  },
});

const BENCH = 'bench synthetic --models single-task,mmoe --seeds 3 --epochs 2 --limit-rows 400'.split(' ');

/** What a run's results say, without times. A line of results.jsonl that is there twice is there twice here. */
const linesOf = (directory: string): string =>
  readFileSync(path.join(directory, 'out', 'results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { setting, model, seed, metrics } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify([setting, model, seed, metrics]);
    })
    .sort()
    .join('\n');

const startBench = (directory: string) =>
  startVictim(
    '../../../bench/src/cli.ts',
    [...BENCH, '--workers', '2', '--engine', 'cpu', '--out', path.join(directory, 'out')],
    'stderr', // the progress
  );

const startSaving = (directory: string) => startVictim('./victim.fixture.ts', ['save', directory]);

const JOBS: readonly Job[] = [
  { name: 'save', share: 0.25, start: startSaving, check: checkModel },
  trainingJob('eager'),
  trainingJob('compiled'),
  {
    ...{ name: 'bench, 2 workers', share: 0.15, start: startBench },
    async result(directory) {
      await startBench(directory).done();
      return linesOf(directory);
    },
  },
];

/** Kills processes that save, train and compare models. @param onJob called after each job */
export async function randomKills(
  kills: number,
  seed: number,
  onJob: (job: Awaited<ReturnType<typeof killAtRandom>>) => void,
): Promise<void> {
  const stream = randomStream(seed, 'kills');
  for (const job of JOBS) onJob(await killAtRandom(job, Math.ceil(kills * job.share), () => stream.uniform(1)[0]!));
}

/** Loads a model while other processes save it. @returns the messages of the loads that failed */
export async function loadWhileSaving(loads: number, writers: number): Promise<string[]> {
  const faults: string[] = [];
  await inDirectory({}, async (directory) => {
    const victims = Array.from({ length: writers }, () => startSaving(directory));
    try {
      for (const victim of victims) await victim.begun();
      for (let i = 0; i < loads; i++) await checkModel(directory).catch((error: Error) => faults.push(error.message));
    } finally {
      for (const victim of victims) await victim.kill();
    }
  });
  return faults;
}

type Victim = ReturnType<typeof startVictim>;

const SOURCES = ['--import', 'tsx', '-C', '@polytask/source', '--no-warnings'];

/**
 * Starts a file of sources in a process of its own, which may be killed. Its methods throw when the process ends with an error.
 *
 * @param sign the stream whose first line says that the process has begun to work
 */
function startVictim(file: string, parameters: readonly string[], sign: 'stdout' | 'stderr' = 'stdout') {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...SOURCES, script, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log = (log + String(chunk)).slice(-4000)));
  const ended = once(child, 'exit');
  const firstLine = once(child[sign], 'data');
  child.stdout.resume();
  const done = async (moment: Promise<unknown> = ended): Promise<void> => {
    await moment;
    if (child.exitCode) throw new Error(`A process ended with exit code ${child.exitCode}: ${log}`);
  };
  return {
    /** Waits until it has begun to work. @returns whether it is still running */
    async begun() {
      await done(Promise.race([firstLine, ended]));
      return child.exitCode === null && child.signalCode === null;
    },
    kill() {
      child.kill('SIGKILL');
      return done();
    },
    /** Whether it ended by a kill, and not by itself before. */
    wasKilled: () => child.signalCode !== null,
    done: () => done(),
  };
}

/** Waits a random time, most often a short one: most of what can go wrong is near the start of a write. */
const wait = (random: () => number, most: number): Promise<void> => setTimeout(most * random() ** 2);
