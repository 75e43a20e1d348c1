import { isScore, type TrialResult, type TrialStore } from '@polytask/study';
import type { Tracker } from '@polytask/training';

/** A store that also records each trial in trackers. @param onProblem called when one can't be reached */
export const trackedStore = (
  store: TrialStore,
  trackers: readonly Tracker[],
  onProblem: (message: string) => void,
): TrialStore => ({
  ...store,
  async append(result, options) {
    await store.append(result, options);
    if (!isScore(result)) await recordTrial(trackers, result, onProblem);
  },
});

/** Records a trial as a run: the curves of its epochs, then its scores on test rows. @param onProblem called for a tracker that fails */
export async function recordTrial(
  trackers: readonly Tracker[],
  trial: TrialResult,
  onProblem: (message: string) => void,
): Promise<void> {
  for (const tracker of trackers)
    await recordIn(tracker, trial).catch((error: Error) => onProblem(`A tracker failed: ${error.message}`));
}

async function recordIn(tracker: Tracker, trial: TrialResult): Promise<void> {
  const { suite, setting = '', model, seed, engine, config, curve, metrics, seconds, parameters, bestEpoch } = trial;
  const { epochs, batchSize, patience } = config.training;
  const { learningRate = config.training.learningRate } = trial;
  const run = await tracker.start({
    name: [suite, setting, model, `seed-${seed}`].filter(Boolean).join('/'),
    parameters: { suite, setting, model, seed, engine, epochs, batchSize, learningRate, patience, parameters },
  });
  for (const [i, { loss, validation, seconds: epochSeconds }] of curve.entries()) {
    const log: Record<string, number> = { loss, ...(epochSeconds !== undefined && { seconds: epochSeconds }) };
    for (const [task, value] of Object.entries(validation))
      log[`validation/${task}/${config.training.selection}`] = value;
    await run.log(i + 1, log);
  }
  const tested: Record<string, number> = {};
  for (const [task, values] of Object.entries(metrics))
    for (const [metric, value] of Object.entries(values)) tested[`test/${task}/${metric}`] = value;
  await run.log(bestEpoch, { ...tested, 'trial/seconds': seconds });
  await run.end('finished');
}
