import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { idModel, idRows, type idSchema } from './id-rows.ts';

/** The model of a run that a test kills in another process and repeats here: dropout, running statistics, a table with sparse updates. */
export const killedModel = () => idModel('sparse', { units: 8, dropout: 0.2, norm: true });

export const killedRows = idRows(240, 1);

export const killedOptions = (directory?: string): FitOptions<typeof idSchema.tasks> => ({
  engine: 'eager',
  ...{ validation: idRows(80, 2), epochs: 6, batchSize: 40 }, // 36 steps
  ...{ optimizer: sgd(0.1, { momentum: 0.9 }), tableOptimizer: adam(0.05) },
  stopping: earlyStopping({ patience: 5 }),
  checkpoint: directory === undefined ? undefined : { directory, everySteps: 2, keep: 2 },
});
