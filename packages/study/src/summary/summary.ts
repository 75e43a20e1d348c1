import type { BootstrapInterval, Comparison, MeanInterval, Verdict } from '@polytask/metrics';
import type { TrialResult, TrialConfig } from '../trials/trial-result.ts';
import type { ModelWarning } from './warnings.ts';

/** What the trials of a suite say: `summary.json`. In the file an undefined number (one seed: no interval) is null. */
export interface Summary extends ScoreTable {
  readonly suite: string;
  /** Which of the suite's tables it is; '' where there is but one. */
  readonly setting: string;
  /** The `settingKey` of its trials. */
  readonly key: string;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly config: Omit<TrialConfig, 'model'>;
  readonly models: readonly ModelSummary[];
  readonly warnings: readonly ModelWarning[];
  /** The same on the test rows whose features occur in no training row; undefined where no trial has measured them. */
  readonly unseen: UnseenTable | undefined;
  /** What a search tried for each model of the table; empty where there was none. */
  readonly sensitivity: readonly TriedModel[];
}

/** A model's configurations that were trained in full, and what they reached on the validation rows of the search's seed. */
export interface TriedModel {
  readonly model: string;
  readonly tried: readonly TriedConfiguration[];
}

export interface TriedConfiguration {
  readonly values: Readonly<Record<string, unknown>>;
  /** The mean AUC over tasks, or the mean loss; NaN where the training failed. */
  readonly score: number;
}

/** What models reached on some test rows, and how they stand to each other. */
export interface ScoreTable {
  readonly seeds: readonly number[];
  /** A column of the table each, task by task. */
  readonly columns: readonly Column[];
  /** The model that gains are measured against. */
  readonly baseline: string;
  readonly models: readonly ModelScores[];
  /** By metric: every model beside the baseline. Empty where there is no baseline, or nothing beside it. */
  readonly comparisons: Readonly<Record<string, Comparison<string, string>>>;
  /** The columns that have a winner, and which model it is. */
  readonly winners: readonly Winner[];
}

/** Those of the trials that have some such rows. */
export interface UnseenTable extends ScoreTable {
  /** How many rows they are: a seed's training rows decide. */
  readonly rows: { readonly least: number; readonly most: number };
  /** Which part of the test rows they are, on average. */
  readonly share: number;
}

/** A metric of a task. */
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
  /** Of a single seed: the intervals over samples of test rows. */
  readonly rowIntervals: TrialResult['rowIntervals'];
  /** By metric. Empty for the baseline itself, and where no seed of it was run. */
  readonly gains: Readonly<Record<string, Gain>>;
}

export interface ModelSummary extends ModelScores {
  readonly parameters: number;
  /** Of a forward pass of one row, where they are known. */
  readonly multiplyAdds: number | undefined;
  /** What a search chose for it. */
  readonly chosen: Readonly<Record<string, unknown>> | undefined;
  /** Seconds a trial. */
  readonly seconds: MeanInterval;
  /** By task, of the test rows: 1 is no better than a constant, 0 is perfect. Empty where older trials don't say. */
  readonly relativeErrors: Readonly<Record<string, MeanInterval>>;
  /** What the kept epoch had on the validation rows: the mean over tasks of what epochs are picked by. */
  readonly validation: MeanInterval;
  /** Over the baseline, all tasks together. Undefined for the baseline itself, and where no seed of it was run. */
  readonly gain: OverallGain | undefined;
}

/** The multi-task gain over all tasks, each by its first metric, as a fraction. Better is positive. */
export interface OverallGain {
  /** Over the seeds that both have. */
  readonly mean: MeanInterval;
  /** Of a paired t test over seeds; Holm's, over the models of the table. */
  readonly adjustedPValue: number;
  readonly verdict: Verdict;
}

/** Relative gain over the baseline in one metric, as a fraction, over the seeds that both have. Better is positive. */
export interface Gain {
  /** The mean over the tasks that have the metric. */
  readonly mean: MeanInterval;
  /** The bootstrap interval of the same mean. */
  readonly bootstrap: BootstrapInterval;
  readonly tasks: Readonly<Record<string, MeanInterval>>;
}

/** A model that is better than each other one in a column, each difference beyond chance. */
export interface Winner extends Column {
  readonly model: string;
  /** The largest p value of its paired t tests against the others. */
  readonly pValue: number;
}
