import { readOptions, checks, type Examples, type MultiTaskModel, type Options, type Tasks } from '@polytask/core';
import { measureFusion } from '../trials/train-model.ts';
import type { FusionLevelWeights } from '../results/trial-result.ts';
import type { TrainingMode } from '../trials/trial-spec.ts';
import {
  importanceOptions,
  type ImportanceOptions,
  permutationImportance,
  type TaskImportance,
} from './permutation-importance.ts';
import { type Segment, segmentsBy } from './segments.ts';
import { type FeatureEffects, valueEffects } from './value-effects.ts';

export interface ExplainOptions extends Omit<ImportanceOptions, 'engine'> {
  /** The value of each row in the column whose segments are compared; undefined for a missing value. Default: no segments. */
  readonly by?: readonly (string | undefined)[] | undefined;
  /** Whether to measure the importance of features, which needs labels. Default: true. */
  readonly importance?: boolean | undefined;
  /** Default: `eager`. */
  readonly engine?: TrainingMode | undefined;
}

const OPTIONS: Options<ExplainOptions> = {
  ...importanceOptions,
  by: checks.anything,
  importance: checks.optional(checks.flag),
};

/** The fusion weights of some rows. */
export interface SegmentFusion {
  readonly name: string;
  readonly rows: number;
  /** Level by level. Empty for a model without fusion levels. */
  readonly fusion: readonly FusionLevelWeights[];
}

/** What a model draws on, for some rows. */
export interface Explanation<T extends Tasks = Tasks> {
  readonly rows: number;
  /** All rows, and then the segments. */
  readonly segments: readonly SegmentFusion[];
  /** By task. Undefined if it wasn't measured. */
  readonly importance: { readonly [K in keyof T]: TaskImportance } | undefined;
  /** Of numbers whose repeated values have vectors. */
  readonly effects: readonly FeatureEffects[];
}

/**
 * Explains a model on some rows: which experts each task draws on, for all rows and for segments of them, how much each task's metric
 * depends on each feature, and the effects of repeated values of numbers.
 *
 * @param rows labeled rows that the model wasn't trained on
 * @throws PolytaskError as {@link permutationImportance} does
 * @example
 * const { importance, segments } = await explainModel(model, test);
 * importance!.income.features[0]; // { feature: 'age', drop: 0.021, deviation: 0.002 }
 * segments[0]!.fusion[0]!.gated; // the mean weights of the first level's gates, [lanes][experts]
 */
export async function explainModel<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  options: ExplainOptions = {},
): Promise<Explanation<T>> {
  readOptions(options, OPTIONS, 'explainModel');
  const { by, importance = true, engine = 'eager', ...others } = options;
  const all: Segment = { name: 'all rows', rows: Array.from({ length: rows.size }, (_, row) => row) };
  const segments: SegmentFusion[] = [];
  for (const { name, rows: own } of [all, ...(by ? segmentsBy(by) : [])]) {
    options.signal?.throwIfAborted();
    segments.push({ name, rows: own.length, fusion: await measureFusion(model, subset(rows, own), engine) });
  }
  return {
    rows: rows.size,
    segments,
    effects: await valueEffects(model, rows),
    importance: importance ? await permutationImportance(model, rows, { ...others, engine }) : undefined,
  };
}

const subset = <T extends Tasks>({ schema, batch }: Examples<T>, rows: readonly number[]): Examples<T> => ({
  schema,
  size: rows.length,
  batch: (indices) => batch(Array.from(indices, (index) => rows[index]!)),
});
