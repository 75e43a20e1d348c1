import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, randomStream } from '@polytask/core';
import { fit } from '@polytask/training';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inDirectory } from '../formats/temporary-files.ts';
import { longTraining, numbersOf, rows, smallModel, stateOf } from './scenarios.ts';

/** The outcome of the kills of one job. */
export interface KilledJob {
  readonly job: string;
  readonly kills: number;
  /** How often the job ran to its end in spite of the kills. */
  readonly completions: number;
  readonly faults: readonly string[];
}

/** A job that processes do and are killed in. */
export interface Job {
  readonly name: string;
  /** Starts the job, or goes on with it. */
  start(directory: string): ReturnType<typeof startVictim>;
  /** Checks what a kill has left. @throws when it isn't whole */
  check(directory: string): Promise<void>;
  /** Whether the result of a job that ran to its end is the one of a job that wasn't killed. Undefined for a job without an end. */
  readonly isRight?: (directory: string) => Promise<boolean>;
}

/** So many completions more than kills mean that a job can't be killed at its work. */
const MOST_COMPLETIONS = 20;

/** Kills a job at random moments until it has been killed so often. A job that comes to its end is compared, and begun anew. */
export async function killAtRandom(job: Job, kills: number, random: () => number): Promise<KilledJob> {
  const faults: string[] = [];
  let [done, completions] = [0, 0];
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
        await job.check(directory);
      }
      if (!job.isRight) return;
      await job.start(directory).done();
      completions++;
      if (!(await job.isRight(directory))) faults.push('a killed job ended with another result');
    }).catch((error: Error) => {
      faults.push(error.message);
      done++; // an error that repeats comes to an end
    });
  }
  if (done < kills) faults.push(`it was killed only ${done} times, because it ended first`);
  return { job: job.name, kills: done, completions, faults };
}

const checkModel = async (directory: string): Promise<void> => {
  const model = await load(path.join(directory, 'model'));
  const fresh = smallModel(model.config.seed);
  const isWhole = numbersOf(model) === numbersOf(fresh);
  for (const each of [model, fresh]) each.dispose();
  if (!isWhole) throw new Error('a saved model has the weights of another one');
};

const trainingJob = (engine: 'eager' | 'compiled'): Job => {
  let expected: Promise<string> | undefined;
  const ended = async (directory: string) => {
    const model = smallModel(7);
    await fit(model, rows, longTraining(engine, directory)); // goes on from the last checkpoint, if there is one
    return stateOf(Promise.resolve(model));
  };
  return {
    name: `fit, ${engine}`,
    start: (directory) => startVictim('./victim.fixture.ts', [engine, directory]),
    check: () => Promise.resolve(), // the next start reads the checkpoints
    isRight: async (directory) => (await ended(directory)) === (await (expected ??= inDirectory({}, ended))),
  };
};

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

const benchJob: Job = (() => {
  const start = (directory: string) =>
    startVictim(
      '../../../bench/src/cli.ts',
      [...BENCH, '--workers', '2', '--engine', 'cpu', '--out', path.join(directory, 'out')],
      'stderr', // the progress
    );
  let expected: Promise<string> | undefined;
  const straight = async (directory: string) => {
    await start(directory).done();
    return linesOf(directory);
  };
  return {
    name: 'bench, 2 workers',
    start,
    check: () => Promise.resolve(), // the next start reads the results
    isRight: async (directory) => linesOf(directory) === (await (expected ??= inDirectory({}, straight))),
  };
})();

/** The jobs, and their share of the kills. */
const JOBS: readonly (readonly [Job, number])[] = [
  [
    { name: 'save', start: (directory) => startVictim('./victim.fixture.ts', ['save', directory]), check: checkModel },
    0.25,
  ],
  [trainingJob('eager'), 0.3],
  [trainingJob('compiled'), 0.3],
  [benchJob, 0.15],
];

/** Kills processes that save, train and compare models. @param onJob called after each job */
export async function randomKills(kills: number, seed: number, onJob: (job: KilledJob) => void): Promise<void> {
  const stream = randomStream(seed, 'kills');
  for (const [job, share] of JOBS)
    onJob(await killAtRandom(job, Math.ceil(kills * share), () => stream.uniform(1)[0]!));
}

/** Loads a model while other processes save it. @returns the messages of the loads that failed */
export async function loadWhileSaving(loads: number, writers: number): Promise<string[]> {
  const faults: string[] = [];
  await inDirectory({}, async (directory) => {
    const victims = Array.from({ length: writers }, () => startVictim('./victim.fixture.ts', ['save', directory]));
    try {
      for (const victim of victims) await victim.begun();
      for (let i = 0; i < loads; i++) await checkModel(directory).catch((error: Error) => faults.push(error.message));
    } finally {
      for (const victim of victims) await victim.kill();
    }
  });
  return faults;
}

/** A process that does a job, and may be killed. */
interface Victim {
  /** Waits until it has begun to work. @returns whether it is still running */
  begun(): Promise<boolean>;
  /** Kills it by SIGKILL. */
  kill(): Promise<void>;
  /** Whether it ended by a kill, and not by itself before. */
  wasKilled(): boolean;
  /** Waits for its end. @throws when it ends with an error */
  done(): Promise<void>;
}

const SOURCES = ['--import', 'tsx', '-C', '@polytask/source', '--no-warnings'];

/**
 * Starts a file of sources in a process of its own.
 *
 * @param sign the stream whose first line says that the process has begun to work
 */
function startVictim(file: string, parameters: readonly string[], sign: 'stdout' | 'stderr' = 'stdout'): Victim {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...SOURCES, script, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log = (log + String(chunk)).slice(-4000)));
  const ended = once(child, 'exit').then(() => {});
  const firstLine = once(child[sign], 'data').then(() => {});
  child.stdout.resume();
  return {
    async begun() {
      await Promise.race([firstLine, ended]);
      failedWith(child, log);
      return isRunning(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      failedWith(child, log);
    },
    wasKilled: () => child.signalCode !== null,
    async done() {
      await ended;
      failedWith(child, log);
    },
  };
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

function failedWith({ exitCode }: ChildProcess, log: string): void {
  if (exitCode !== null && exitCode !== 0) throw new Error(`A process ended with exit code ${exitCode}: ${log}`);
}

/** Waits a random time, most often a short one: most of what can go wrong is near the start of a write. */
const wait = (random: () => number, most: number): Promise<void> => setTimeout(most * random() ** 2);
