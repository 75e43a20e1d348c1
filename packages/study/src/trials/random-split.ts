import { sum } from '@polytask/components';
import { concatenate, split } from '@polytask/data';
import { metricsOf } from '../summary/metric-entries.ts';
import type { TrialConfig, TrialResult } from '../results/trial-result.ts';
import type { OpenedData } from './open-data.ts';
import { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './train-and-test.ts';
import type { TrialSpec } from './trial-spec.ts';

/** What a random split of the same rows would have promised, of a model whose test rows are later ones, or those of other groups. */
export interface RandomSplitScores {
  readonly model: string;
  /** What the data is split by: `time`, or a column. */
  readonly by: string;
  /** The scores in the main metric of each task that has both. */
  readonly tasks: Readonly<
    Record<string, { readonly metric: string; readonly score: number; readonly random: number }>
  >;
}

/**
 * Trains the model of a trial once more, on the same rows with a random split into parts of the same sizes, and tests it there.
 *
 * @param trial the result of the trial with the split of the data
 * @returns undefined for data whose test rows are random ones already, or come from a file of their own
 */
export async function randomSplitScores(
  trial: TrialResult,
  spec: TrialSpec,
  { data, ...options }: Pick<TrainAndTestOptions, 'data' | 'environment' | 'signal'>,
): Promise<RandomSplitScores | undefined> {
  const by = splitBy(trial.config);
  if (by === undefined) return undefined;
  const [{ model, trial: again }] = (await trainAndTest([{ ...spec, diagnosed: false }], {
    ...options,
    data: { ...data, rows: async (...of) => splitAtRandom(await data.rows(...of), spec.seed) },
  })) as [TrainedTrial];
  const { tasks } = model.schema;
  model.dispose();
  return {
    ...{ model: trial.model, by },
    tasks: Object.fromEntries(
      Object.entries(tasks).flatMap(([task, declared]) => {
        const metric = metricsOf(declared)[0]!.name;
        const [score, random] = [trial, again].map(({ metrics }) => metrics[task]![metric as 'auc']!);
        return Number.isFinite(score! - random!) ? [[task, { metric, score: score!, random: random! }]] : [];
      }),
    ),
  };
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
