import type { MeanOptions } from '@polytask/metrics';
import type { TrialConfig } from './trial-result.ts';

/** What a trial says of its rows: those of a seed, or of one fold of that seed's folds. */
export interface TrialRows {
  readonly seed: number;
  /** From 1. Undefined without folds. */
  readonly fold?: number | undefined;
}

type DataOptions = Pick<TrialConfig, 'data'>;

/** How many folds the seeds of a table have. Undefined for a table over seeds. */
export const foldsOf = ({ data: { folds } }: DataOptions): number | undefined =>
  typeof folds === 'number' ? folds : undefined;

/** The numbers of the folds to run: 1 to k, or no number for a run over seeds. */
export const foldNumbers = (folds: number | undefined): readonly (number | undefined)[] =>
  folds === undefined ? [undefined] : Array.from({ length: folds }, (_, i) => i + 1);

/**
 * The number by which the trials of models are paired. Over seeds it is the seed. Over folds the folds are counted on from seed to seed:
 * of 5 folds, fold 2 of seed 3 is number 12.
 */
export const pairOf = ({ seed, fold, config }: TrialRows & { readonly config: DataOptions }): number =>
  fold === undefined ? seed : (seed - 1) * (foldsOf(config) ?? 0) + fold;

/** Whether each seed splits the rows of a file at random: then the rows of a seed's test are training rows of others. */
export function isSplitBySeed({ data: { file } }: DataOptions): boolean {
  if (typeof file !== 'object' || file === null) return false; // other data has its own test rows, or new rows for each seed
  const { files, split = {} } = file as { files?: unknown; split?: { kind?: string; seed?: number } };
  const hasTest = typeof files === 'object' && files !== null && 'test' in files;
  return !hasTest && (split.kind ?? 'random') === 'random' && split.seed === undefined;
}

/**
 * How values over folds, or over random splits of the same rows, depend on each other: test rows over the rows that a training sees.
 * Empty for seeds that share no rows, and for those with the same test rows.
 *
 * Paper: Nadeau & Bengio 2003, "Inference for the generalization error", section 5.
 */
export function resampling(config: DataOptions): MeanOptions {
  const folds = foldsOf(config);
  if (folds === undefined && !isSplitBySeed(config)) return {};
  const { train = 0, validation = 0, test = 0 } = (config.data['rows'] ?? {}) as Partial<Record<string, number>>;
  const ratio = test / (train + validation);
  if (ratio > 0 && ratio < Infinity) return { testToTrain: ratio };
  return folds === undefined ? {} : { testToTrain: 1 / (folds - 1) };
}

/** The words of reports for what pairs the trials of a table, and for its tests; and whether they are corrected for rows that trials share. */
export function pairing(config: DataOptions) {
  const isCorrected = resampling(config).testToTrain !== undefined;
  return {
    noun: foldsOf(config) === undefined ? 'seed' : 'fold',
    tests: isCorrected ? 'corrected resampled t tests (Nadeau & Bengio 2003)' : 'paired t tests',
    isCorrected,
  };
}

/** `adatt, seed 2`, `few labels: adatt, seed 1, fold 3` */
export const trialText = ({
  setting = '',
  model,
  seed,
  fold,
}: TrialRows & { readonly setting?: string | undefined; readonly model: string }): string =>
  `${setting === '' ? '' : `${setting}: `}${model}, seed ${seed}${fold === undefined ? '' : `, fold ${fold}`}`;
