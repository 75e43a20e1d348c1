import type { FitOptions } from '../fit/options.ts';
import { sgd } from '../optimizers/sgd.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks } from './tiny.ts';

/** The run that a test kills in another process and repeats in its own. */
export const killedModel = () => tinyModel({ units: 32, dropout: 0.2, norm: true });

export const killedRows = tinyExamples(tinyTasks, 600, 1);

export const killedOptions = (directory?: string): FitOptions<typeof tinyTasks> => ({
  engine: 'eager',
  ...{ validation: tinyExamples(tinyTasks, 80, 2), epochs: 6, batchSize: 40, optimizer: sgd(0.1, { momentum: 0.9 }) }, // 90 steps
  stopping: earlyStopping({ patience: 5 }),
  checkpoint: directory === undefined ? undefined : { directory, everySteps: 2, keep: 2 },
});
