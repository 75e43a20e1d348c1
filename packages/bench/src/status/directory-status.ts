import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { openFolder } from '@polytask/core';
import { placeOf, type StudyPlan } from '@polytask/study';
import { lineOf, trialText } from '@polytask/study/internal';
import { readPlan } from '../trials/plan-file.ts';
import { failureFile, openResults, RESULTS } from '../trials/results-file.ts';
import { type FailedTrial, progressOf, type Status } from './status.ts';

/**
 * The status of the study of a directory. It reads files alone, so it can be asked for while runs write there.
 *
 * @throws PolytaskError when no run has written a plan there
 */
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
  const failed: FailedTrial[] = [];
  for (const trial of left.filter((each) => !owners.has(lineOfTrial(each)))) {
    const log = await readFile(failureFile(directory, trial.key), 'utf8').catch(() => undefined);
    if (log !== undefined) failed.push({ trial: trialText(trial), why: log.split('\n')[1] ?? '' });
  }
  const end = owners.size > 0 ? Date.now() : await lastChange(directory, started);
  const done = plan.trials.length - left.length;
  const counts = { total: plan.trials.length, there, done, failed: failed.length, seconds: (end - started) / 1000 };
  return { studies: [progressOf(`${plan.suite} on ${plan.engine}`, counts)], running, failed };
}

const lastChange = async (directory: string, otherwise: number): Promise<number> =>
  (await stat(path.join(directory, RESULTS)).catch(() => ({ mtimeMs: otherwise }))).mtimeMs;
