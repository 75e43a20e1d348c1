import path from 'node:path';
import { optional, text, type FromDescription, type Written } from '@polytask/components';
import { readOptions, fail, openFolder } from '@polytask/core';
import {
  currentTrials,
  memoryStore,
  outdatedNotes,
  type RunOutcome,
  scoreTrials,
  scoreTrialsOptions,
  summarizeTables,
} from '@polytask/study';
import { writeOutcome, openResults, readResults } from '../trials/run-files.ts';
import { openPredictions } from './prediction-file.ts';

export const scoreOptions = {
  ...scoreTrialsOptions,
  /** The model that the others are compared with. Default: `single-task`. */
  baseline: optional(text),
  /** Another directory, for the measured trials and a report. Default: nothing is written. */
  out: optional(text),
};

export interface ScoreResultsOptions extends Written<typeof scoreOptions>, FromDescription {}

/**
 * Measures the trials of a directory again, from the predictions that a run with `keepPredictions` wrote. No model is trained.
 *
 * @param directory the `out` directory of the run
 * @throws PolytaskError on an unknown option or metric, or when a trial has no predictions
 * @example
 * const outcome = await scoreResults('results', { metrics: ['auc', 'prAuc'], ensemble: 'models' });
 * console.log(renderText(comparisonDocument(outcome)));
 */
export async function scoreResults(directory: string, options: ScoreResultsOptions = {}): Promise<RunOutcome> {
  readOptions(options, scoreOptions, 'scoreResults');
  const { baseline, out, ...choices } = options;
  if (out !== undefined && path.resolve(out) === path.resolve(directory)) {
    fail({
      expected: 'another directory to write to than the one to read',
      received: `"${out}" for both`,
      fix: 'The trials there have other metrics: name a new directory.',
    });
  }
  const store = out === undefined ? memoryStore() : openResults(out);
  const { current, outdated } = currentTrials(await readResults(directory));
  const scored = await scoreTrials(current, openPredictions(directory), choices);
  for (const trial of scored) await store.append(trial, { replace: true });
  const { current: trials } = currentTrials(await store.read());
  const notes = outdatedNotes(outdated);
  const [first, ...others] = summarizeTables(trials, { notes, ...(baseline !== undefined && { baseline }) });
  const outcome: RunOutcome = { summaries: [first!, ...others], trials, failures: [] };
  if (out !== undefined) await openFolder(out).write((writer) => writeOutcome(out, writer, outcome));
  return outcome;
}
