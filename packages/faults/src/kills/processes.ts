import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process that does a job, and may be killed. */
export interface Victim {
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
export function startVictim(file: string, parameters: readonly string[], sign: 'stdout' | 'stderr' = 'stdout'): Victim {
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
export const wait = (random: () => number, most: number): Promise<void> => setTimeout(most * random() ** 2);
