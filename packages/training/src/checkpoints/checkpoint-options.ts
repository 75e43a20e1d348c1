import { checks, fail, type Options } from '@polytask/core';

export interface CheckpointOptions {
  /** Gets a folder a checkpoint, `step-00000120`. */
  directory: string;
  /** Writes one every so many steps. */
  everySteps?: number;
  /** Writes one every so many epochs. Default 1, unless `everySteps` is given; the end of training always gets one. */
  everyEpochs?: number;
  /** How many to keep; older ones are removed once a newer one is whole. Default 1. */
  keep?: number;
}

const { optional, wholeNumber } = checks;

/** For `checkOptions`. */
export const checkpointOptions: Options<CheckpointOptions> = {
  directory: (value, where) => {
    if (typeof value === 'string' && value !== '') return;
    fail({
      expected: `a path for ${where}`,
      received: JSON.stringify(value) ?? typeof value,
      mend: "Pass 'runs/people', for instance.",
    });
  },
  everySteps: optional(wholeNumber(1)),
  everyEpochs: optional(wholeNumber(1)),
  keep: optional(wholeNumber(1)),
};
