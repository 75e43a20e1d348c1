import type { Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';

/** The predictions of a trial, which metrics, calibrations and ensembles can be computed from without a training. */
export interface TrialPredictions {
  /** The tasks, with the scales of their labels. */
  readonly tasks: Tasks;
  /** Undefined for a model that was trained elsewhere and predicts the test rows alone. */
  readonly validation: PartPredictions | undefined;
  readonly test: PartPredictions;
}

/** The predictions on one part of the rows. */
export interface PartPredictions {
  /** The number of rows, those without a label included. */
  readonly size: number;
  /** By task, for each row with a label. */
  readonly byTask: Readonly<Record<string, TaskPredictions>>;
  /** The group of each row. Undefined without groups. */
  readonly groups: GroupArray | undefined;
}

/** Stores the predictions of finished trials by the trials' keys. */
export interface PredictionStore {
  /** The keys of the trials whose predictions are stored. */
  keys(): Promise<ReadonlySet<string>>;
  /** The predictions of a trial. @throws PolytaskError when there are none, or they can't be read */
  read(key: string): Promise<TrialPredictions>;
  /** Stores the predictions of a trial, and replaces older ones. */
  write(key: string, predictions: TrialPredictions): Promise<void>;
}
