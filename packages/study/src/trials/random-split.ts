import { sum } from '@polytask/components';
import { concatenate, split } from '@polytask/data';
import type { TrialConfig, TrialResult } from '../results/trial-result.ts';
import type { OpenedData } from './open-data.ts';
import { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './train-and-test.ts';
import type { TrialSpec } from './trial-spec.ts';

/**
 * Adds to a result what a random split of the same rows would have promised: trains the model of the trial once more, on the same rows with
 * a random split into parts of the same sizes, and tests it there.
 *
 * @param trial the result of the trial with the split of the data
 * @returns the result as it is for data whose test rows are random ones already, or come from a file of their own
 */
export async function withRandomSplit(
  trial: TrialResult,
  spec: TrialSpec,
  { data, ...options }: Pick<TrainAndTestOptions, 'data' | 'environment' | 'signal'>,
): Promise<TrialResult> {
  const by = splitBy(trial.config);
  if (by === undefined) return trial;
  const [{ model, trial: again }] = (await trainAndTest([{ ...spec, diagnosed: false }], {
    ...options,
    data: { ...data, rows: async (...of) => splitAtRandom(await data.rows(...of), spec.seed) },
  })) as [TrainedTrial];
  model.dispose();
  return { ...trial, randomSplit: { by, metrics: again.metrics } };
}

function splitBy({ data: { file } }: Pick<TrialConfig, 'data'>): string | undefined {
  const { split: how } = Object(file) as {
    split?: Readonly<Record<'kind' | 'column' | 'groupBy', string | undefined>> & { test?: unknown };
  };
  if (how?.test === undefined) return undefined; // a file of their own
  return how.kind === 'time' ? 'time' : (how.groupBy ?? how.column);
}

function splitAtRandom(rows: Awaited<ReturnType<OpenedData['rows']>>, seed: number) {
  const { train, validation, test } = rows.raw!(); // of a data set file
  const size = sum([train, validation, test], (part) => part.size);
  const parts = split(concatenate([train, validation, test]), {
    ...{ validation: validation.size / size, test: test.size / size, seed },
  });
  return { ...parts, test: () => parts.test };
}
