import type { Finding } from '@polytask/components';
import type { Comparison, MeanInterval, Verdict } from '@polytask/metrics';
import type { TrialConfig, TrialResult } from '../results/trial-result.ts';

/** The summary of one setting: `summary.json`. In the file, null stands for NaN, such as the interval of one seed. */
export interface Summary extends SummaryOfTrials {
  /** What the tables show: the model to take, who is better on which task, and which differences may go undetected. */
  readonly findings: readonly Finding[];
  /** What all settings of the run show together. Only the first of several settings has it. */
  readonly overview?: readonly Finding[];
}

/** The tables of one setting. */
export interface SummaryOfTrials extends ScoreTable {
  readonly suite: string;
  /** The name of the setting; '' for a suite with one setting. */
  readonly setting: string;
  /** The `settingKey` of the trials. */
  readonly key: string;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly config: Omit<TrialConfig, 'model'>;
  readonly models: readonly ModelSummary[];
  readonly warnings: readonly ModelWarning[];
  /** The scores on the test rows whose features occur in no training row. Undefined if no trial measured them. */
  readonly unseen: PartTable | undefined;
  /** The scores for each value of each context of the schema. Missing without contexts. */
  readonly byContext?: readonly ContextTable[];
  /** The configurations that a search tried for each model. Empty without a search. */
  readonly sensitivity: readonly TriedModel[];
}

/** A finding about some trials of a model, or about the data if its subject has no model. */
export interface ModelWarning extends Finding {
  readonly seeds: readonly number[];
}

/** The configurations of a model that a search trained for all epochs. */
export interface TriedModel {
  readonly model: string;
  readonly tried: readonly TriedConfiguration[];
}

export interface TriedConfiguration {
  readonly values: Readonly<Record<string, unknown>>;
  /** The mean AUC or normalized loss over tasks, on the validation rows of the search's seed. NaN if the training failed. */
  readonly score: number;
}

/** The scores of models on some test rows, and their comparison. */
export interface ScoreTable {
  /** By which the trials of models are paired: see {@link pairOf}. With folds in `config.data`, the folds counted on from seed to seed. */
  readonly seeds: readonly number[];
  readonly columns: readonly Column[];
  /** The model that gains are measured against. */
  readonly baseline: string;
  readonly models: readonly ModelScores[];
  /**
   * The metrics of a constant prediction (base rate, class shares or mean), by task and metric: means over trials. Empty if none has them.
   */
  readonly constants: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The columns that no gain counts, because the baseline is no better than a constant there. */
  readonly leftOut: readonly Column[];
  /** By metric: the comparison of all models with the baseline. Empty without a baseline, or without other models. */
  readonly comparisons: Readonly<Record<string, Comparison<string, string>>>;
  readonly winners: readonly Winner[];
}

/** The scores on a part of the test rows. */
export interface PartTable extends ScoreTable {
  /** The least and the largest number of such rows over the trials. */
  readonly rows: { readonly least: number; readonly most: number };
  /** The mean share of the test rows, from 0 to 1. */
  readonly share: number;
}

/** The scores on the test rows with one value of a context. */
export interface ContextTable extends PartTable {
  readonly context: string;
  /** Null if it is missing. */
  readonly value: string | null;
}

export interface Column {
  readonly task: string;
  readonly metric: string;
}

/** A model's scores. */
export interface ModelScores {
  readonly model: string;
  readonly seeds: readonly number[];
  /** By task and metric, over the seeds. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, MeanInterval>>>>;
  /** For a single seed: the intervals over samples of test rows, by task and metric. Otherwise empty. */
  readonly rowIntervals: TrialResult['rowIntervals'];
}

export interface ModelSummary extends ModelScores {
  /** Whether the model shares layers between its tasks. Undefined if nobody knows, such as for a model that was trained elsewhere. */
  readonly sharesLayers: boolean | undefined;
  /** For a model whose outputs depend on each other, as those of `esmm`. Missing for others. */
  readonly couplesOutputs?: true;
  readonly parameters: number;
  /** The multiply-adds of a forward pass of one row. Undefined if they weren't counted. */
  readonly multiplyAdds: number | undefined;
  /** The hyper-parameters that a search chose. Undefined if it chose several, for folds. */
  readonly chosen: Readonly<Record<string, unknown>> | undefined;
  readonly seconds: MeanInterval;
  /** By task, on the test rows: 1 is as good as a constant prediction, 0 is perfect. Empty if they weren't measured. */
  readonly normalizedLosses: Readonly<Record<string, MeanInterval>>;
  /** The best epoch's validation score: the mean over tasks of the selection measure. */
  readonly validation: MeanInterval;
  /** The gain over the baseline in all tasks together. Undefined for the baseline, and without trials of the baseline. */
  readonly gain: OverallGain | undefined;
}

/** The multi-task gain over all tasks, each by its first metric, as a fraction. A positive gain is better than the baseline. */
export interface OverallGain {
  /** The mean over the seeds that both models have. */
  readonly mean: MeanInterval;
  /** The p value of a paired t test over seeds, after Holm's correction over the models of the table. */
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

/** A model that is significantly better than every other model in a column. */
export interface Winner extends Column {
  readonly model: string;
  /** The largest p value of the paired t tests against the other models. */
  readonly pValue: number;
}
