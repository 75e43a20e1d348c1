import type { MeanConfig } from '@polytask/metrics';
import type { TrialConfig } from './trial-result.ts';

/** What a trial says of its rows: those of a seed, or of one fold of that seed's folds. */
export interface TrialRows {
  readonly seed: number;
  /** From 1. Undefined without folds. */
  readonly fold?: number | undefined;
}

type DataConfig = Pick<TrialConfig, 'data'>;

/** How many folds the seeds of a table have. Undefined for a table over seeds. */
export const foldsOf = ({ data: { folds } }: DataConfig): number | undefined =>
  typeof folds === 'number' ? folds : undefined;

/** The numbers of the folds to run: 1 to k, or no number for a run over seeds. */
export const foldNumbers = (folds: number | undefined): readonly (number | undefined)[] =>
  folds === undefined ? [undefined] : Array.from({ length: folds }, (_, i) => i + 1);

/**
 * The number by which the trials of models are paired. Over seeds it is the seed. Over folds the folds are counted on from seed to seed:
 * of 5 folds, fold 2 of seed 3 is number 12.
 */
export const pairOf = ({ seed, fold, config }: TrialRows & { readonly config: DataConfig }): number =>
  fold === undefined ? seed : (seed - 1) * (foldsOf(config) ?? 0) + fold;

/**
 * How values over folds depend on each other: test rows over the rows that a training sees. Empty for seeds.
 *
 * Paper: Nadeau & Bengio 2003, "Inference for the generalization error", section 5.
 */
export function resampling(config: DataConfig): MeanConfig {
  const folds = foldsOf(config);
  if (folds === undefined) return {};
  const { train = 0, validation = 0, test = 0 } = (config.data['rows'] ?? {}) as Partial<Record<string, number>>;
  const ratio = test / (train + validation);
  return { testToTrain: ratio > 0 && ratio < Infinity ? ratio : 1 / (folds - 1) };
}

/** The words of reports for what pairs the trials of a table, for its tests, and for how intervals are corrected. */
export const pairing = (config: DataConfig): typeof SEEDS => (foldsOf(config) === undefined ? SEEDS : FOLDS);

const SEEDS = { noun: 'seed', test: 'paired t test', tests: 'paired t tests', corrected: '' };
const FOLDS: typeof SEEDS = {
  noun: 'fold',
  test: 'corrected resampled t test (Nadeau & Bengio 2003)',
  tests: 'corrected resampled t tests (Nadeau & Bengio 2003)',
  corrected: ', corrected for the rows that folds share',
};

/** `adatt, seed 2`, `few labels: adatt, seed 1, fold 3` */
export const trialText = ({
  setting = '',
  model,
  seed,
  fold,
}: TrialRows & { readonly setting?: string | undefined; readonly model: string }): string =>
  `${setting === '' ? '' : `${setting}: `}${model}, seed ${seed}${fold === undefined ? '' : `, fold ${fold}`}`;
