import { predictFile, type PredictFileProgress } from '@polytask/server';
import { Command } from 'commander';
import { AUTO } from '../engines.ts';
import { INTERRUPTED, untilStopped } from './interruption.ts';
import type { Io } from './io.ts';
import { withSavedModel } from '../saved-model.ts';
import { names } from './arguments.ts';
import {
  delimiterOption,
  forceOption,
  outOption,
  precisionOption,
  refuseReplacing,
  type PredictorPrecision,
} from './shared-options.ts';

interface Options {
  out: string;
  force?: boolean;
  keep?: string[];
  delimiter?: string;
  precision: PredictorPrecision;
}

/**
 * `polytask predict MODEL_DIR ROWS --out FILE` predicts the rows of a file of any size.
 *
 * @param onStop called after Ctrl-C, with the exit code
 */
export const predictCommand = (io: Io, onStop: (exitCode: number) => void): Command =>
  new Command('predict')
    .description('predict the rows of a CSV, JSON lines or Parquet file of any size')
    .argument('<model>', 'the directory of a trained model')
    .argument('<rows>', 'the file to read: CSV or JSON lines (plain, gzip, brotli), or Parquet')
    .addOption(outOption('file', '.csv, .jsonl or .parquet').makeOptionMandatory())
    .addOption(forceOption())
    .option('--keep <columns>', 'columns to copy from the rows, with commas between (default: none)', names)
    .addOption(delimiterOption('as in training'))
    .addOption(precisionOption())
    .action(async (model: string, rows: string, { out, force, keep, delimiter: between, precision }: Options) => {
      refuseReplacing([out], force);
      const predict = (signal: AbortSignal) =>
        predictFile(model, rows, {
          ...{ out, signal, precision, onProgress: progress(io), ...(keep && { keep }) },
          ...(between !== undefined && { csv: { delimiter: between } }),
        });
      try {
        const done = await withSavedModel(AUTO, () => untilStopped(predict, () => onStop(INTERRUPTED), io.interrupts));
        if (!done) return void io.stderr.write(`Stopped. ${out} was not written.\n`);
        io.stdout.write(`Written: ${out}, ${done.rows.toLocaleString('en')} rows of ${done.columns.join(', ')}\n`);
      } finally {
        if (io.stderr.isTTY) io.stderr.write(CLEAR);
      }
    });

const CLEAR = '\r\u001b[K';

/** Says which engine predicts and, in a terminal, how many rows are done. */
function progress({ stderr }: Io): (progress: PredictFileProgress) => void {
  return ({ rows, engine }) => {
    if (rows === 0) stderr.write(`Predicting with ${engine}\n`);
    else if (stderr.isTTY) stderr.write(`${CLEAR}${rows.toLocaleString('en')} rows`);
  };
}
