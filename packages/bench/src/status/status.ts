import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { openFolder } from '@polytask/core';
import {
  counted,
  formatCount,
  formatSpan,
  linelessTable,
  lineOf,
  placeOf,
  type StudyPlan,
  trialText,
} from '@polytask/study';
import { readPlan, failureFile, openResults, RESULTS } from '../trials/run-files.ts';
import { mapTexts, printableLine, sum } from '@polytask/components';

export interface Status {
  readonly studies: readonly ReturnType<typeof progressOf>[];
  /** The workers of a queue. Undefined for a directory. */
  readonly workers?: readonly { readonly name: string; readonly processes: number }[];
  /** How many trials wait in the queue. Undefined for a directory. */
  readonly waiting?: number;
  readonly running: readonly {
    readonly trial: string;
    /** The worker, or the process and its machine. */
    readonly where: string;
    readonly epoch?: number | undefined;
  }[];
  readonly failed: readonly { readonly trial: string; readonly why: string }[];
}

export interface RunCounts {
  readonly total: number;
  /** How many trials were there when the run began. */
  readonly there: number;
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
}

/** How far a study is: trials in an hour since the run began, and the seconds until the last one; undefined without a rate. */
export function progressOf(title: string, { total, there, done, failed, seconds }: RunCounts) {
  const perSecond = (done - there) / seconds;
  const rate = perSecond > 0 && { perHour: 3600 * perSecond, secondsLeft: (total - done - failed) / perSecond };
  return { title, total, done, failed, ...rate };
}

/** The status of a directory's study. It only reads files, so it can be asked for while runs write there. */
export async function directoryStatus(directory: string): Promise<Status> {
  const { plan, started, there } = await readPlan(directory);
  const lines = new Set((await openResults(directory).read()).map(placeOf));
  const owners = new Map((await openFolder(directory).claims()).map(({ name, owner }) => [name, owner]));
  const lineOfTrial = ({ setting, key }: StudyPlan['trials'][number]) => lineOf(setting, key);
  const left = plan.trials.filter((trial) => !lines.has(lineOfTrial(trial)));
  const running = left.flatMap((trial) => {
    const where = owners.get(lineOfTrial(trial));
    return where === undefined ? [] : [{ trial: trialText(trial), where }];
  });
  const failed: { trial: string; why: string }[] = [];
  for (const trial of left.filter((each) => !owners.has(lineOfTrial(each)))) {
    const log = await readFile(failureFile(directory, trial.key), 'utf8').catch(() => undefined);
    if (log !== undefined) failed.push({ trial: trialText(trial), why: log.split('\n')[1] ?? '' });
  }
  const changed = (await stat(path.join(directory, RESULTS)).catch(() => undefined))?.mtimeMs ?? started;
  const end = owners.size > 0 ? Date.now() : changed;
  const done = plan.trials.length - left.length;
  const counts = { total: plan.trials.length, there, done, failed: failed.length, seconds: (end - started) / 1000 };
  return { studies: [progressOf(`${plan.suite} on ${plan.engine}`, counts)], running, failed };
}

/** How many running and failed trials the text has. `--json` has all. */
const MOST = 20;

export function renderStatus(status: Status): string {
  const { studies, workers, waiting, running, failed } = mapTexts(status, printableLine);
  const parts = [
    studies.length === 0 ? 'No coordinator is there.' : studies.map(studyLine).join('\n'),
    workers && workersLine(workers, waiting ?? 0),
    section(
      `Running: ${counted(running.length, 'trial')}`,
      running.map(({ trial, where, epoch }) => [trial, epoch === undefined ? '' : `epoch ${epoch}`, where]),
    ),
    section(
      `Failed: ${counted(failed.length, 'trial')}`,
      failed.map(({ trial, why }) => [`${trial}: ${why}`]),
    ),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function studyLine({ title, total, done, failed, perHour, secondsLeft }: ReturnType<typeof progressOf>): string {
  const share = total === 0 ? 0 : Math.floor((100 * done) / total);
  return [
    `${title}: ${formatCount(done)} of ${counted(total, 'trial')} done (${share}%)`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(perHour === undefined ? [] : [`${formatCount(Math.round(perHour))} an hour`]),
    ...(secondsLeft === undefined || secondsLeft <= 0 ? [] : [`about ${formatSpan(secondsLeft)} left`]),
  ].join(', ');
}

function workersLine(workers: NonNullable<Status['workers']>, waiting: number): string {
  const processes = sum(workers.map((worker) => worker.processes));
  const ofProcesses = workers.length === 0 ? '' : ` for ${counted(processes, 'trial')} at a time`;
  return `${counted(workers.length, 'worker')}${ofProcesses}; ${counted(waiting, 'trial')} in the queue`;
}

function section(title: string, rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const more = rows.length > MOST ? `\n… and ${formatCount(rows.length - MOST)} more` : '';
  return `${title}\n${linelessTable(rows.slice(0, MOST))}${more}`;
}
