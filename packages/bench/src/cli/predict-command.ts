import { listOf, text } from '@polytask/components';
import type { PredictedFile, PredictFileProgress } from '@polytask/server';
import type { ModelRows } from '@polytask/study';
import { AUTO } from '../engines.ts';
import { argument, defineCommand, option } from './command.ts';
import { untilStopped } from './io.ts';
import * as shared from './shared-options.ts';
import { inputFile, STANDARD, temporaryFile, writeToStdout } from './standard-streams.ts';

export const command = defineCommand({
  options: {
    model: argument('the directory of a trained model', text),
    rows: argument('the file to read: CSV, JSON or JSON lines (plain, gzip, brotli), or Parquet; - for stdin', text),
    out: shared.out(
      'file',
      '.csv, .jsonl or .parquet; - for stdout, as JSON lines if the rows are JSON, else as CSV',
      text,
    ),
    force: shared.force(),
    keep: option('<columns>', 'columns to copy from the rows, with commas between (default: none)', listOf(text)),
    ...shared.files('as in training'),
    precision: shared.precision,
  },
  async run({ model, rows, out: place, force, keep, precision, format, ...csv }, invocation) {
    const { stdout, stderr } = invocation;
    const isPiped = place === STANDARD;
    if (!isPiped) shared.refuseReplacing([place], force);
    const file = await inputFile(rows, invocation);
    const { nameOf } = await import('@polytask/data');
    const { predictFile } = await import('@polytask/server');
    const isJson = /^json|\.(json|jsonl|ndjson)(\.gz|\.br)?$/i.test(format ?? nameOf(file));
    const out = isPiped ? temporaryFile(isJson ? 'predictions.jsonl' : 'predictions.csv') : place;
    const { withSavedModel } = await import('../saved-model.ts');
    const onProgress = ({ rows: done, engine }: PredictFileProgress) => {
      if (done === 0) stderr.write(`Predicting with ${engine}\n`);
      else if (stderr.isTTY) stderr.write(`${CLEAR}${done.toLocaleString('en')} rows`);
    };
    const predict = (signal: AbortSignal) =>
      predictFile(model, file, { out, signal, precision, onProgress, csv, format, keep });
    try {
      const done = await withSavedModel(AUTO, () => untilStopped(invocation, predict));
      const target = isPiped ? 'stdout' : out;
      if (!done) return void stderr.write(`Stopped. ${target} was not written.\n`);
      if (isPiped) await writeToStdout(out, invocation);
      (isPiped ? stderr : stdout).write(
        `Written: ${target}, ${done.rows.toLocaleString('en')} rows of ${done.columns.join(', ')}\n`,
      );
      stderr.write(await unlikeTraining(done, { model, file: nameOf(file) }));
    } finally {
      if (stderr.isTTY) stderr.write(CLEAR);
    }
  },
});

/** With fewer rows, a few unknown values are a large share. */
const ENOUGH_ROWS = 10;

/** Says which features are unlike those of the training, such as texts in another spelling. */
async function unlikeTraining({ rows, drift }: PredictedFile, of: ModelRows): Promise<string> {
  if (!drift || drift.rows < ENOUGH_ROWS) return '';
  const { driftReasons } = await import('../drift/drift-findings.ts');
  const found = driftReasons(drift.features, of).map(({ message }) => message);
  if (found.length === 0) return '';
  const which = drift.rows < rows ? `The first ${drift.rows.toLocaleString('en')} rows` : 'The rows';
  return `${which} are unlike those of the training (polytask drift says more):\n- ${found.join('\n- ')}\n`;
}

const CLEAR = '\r\u001b[K';
