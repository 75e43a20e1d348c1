import { isObject, mapValues } from '@polytask/components';
import { rowEncoder, joinBatches, type Batch, type Predictions, type Row, type RowFault } from '@polytask/core';
import type { RowsExplanation } from '@polytask/core';
import { type RowFormat, type RowProfile, valuesAsRead } from '@polytask/data';
import type { Predictor } from '@polytask/serving';
import { notFinite, predictionsOfRows } from '../row-predictions.ts';
import { rowBatcher } from './batcher.ts';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';
import { labelWatch } from './label-watch.ts';
import { booleanFaults, numberFeatures } from './number-values.ts';
import { openApi } from './open-api.ts';
import { rowWatch } from './row-watch.ts';
import type { ServiceLimits } from './serve-options.ts';
import { inSlices, inTurn } from './turns.ts';

interface ServedOptions {
  /** As `modelId` gives it; undefined for a model that isn't from a folder. */
  readonly id?: string | undefined;
  readonly profile?: RowProfile | undefined;
  /** How the model's files are read: what means "no value" there, and how cells become values. Undefined for plain values. */
  readonly rows?: RowFormat | undefined;
  readonly onBatch?: (rows: number) => void;
  /** Undefined for a model that can't explain rows. */
  readonly explain?: ((rows: Batch) => Promise<RowsExplanation>) | undefined;
  readonly free?: () => Promise<void>;
}

export type ServedModel = ReturnType<typeof servedModel>;

/** A model that answers requests, until another one takes its place. */
export function servedModel(predictor: Predictor, limits: ServiceLimits, options: ServedOptions = {}) {
  const { id, profile, rows: format, onBatch, explain, free = () => Promise.resolve() } = options;
  const { schema, layout } = predictor;
  const encode = rowEncoder(schema);
  const numbers = numberFeatures(schema.features);
  const batcher = rowBatcher(predictor, limits, onBatch);
  const labels = labelWatch(schema);
  const readValue = format && (format.csv.missing ?? format.cells) ? valuesAsRead(format) : undefined;
  let users = 0;
  let onIdle: (() => void) | undefined;

  /** Reads the rows of a request as the model's files are read: with null for values, and entries of lists, that mean "no value" there, say. */
  const rowsOf = async (rows: readonly Row[]): Promise<readonly Row[]> => {
    if (!readValue) return rows;
    const rowOf = (row: Row) => (isObject(row) ? mapValues(row, readValue) : row); // what is no row is refused later
    return (await inSlices(rows.length, (from, to) => rows.slice(from, to).map(rowOf))).flat();
  };
  /** Predicts the rows of a request. @throws HttpError for a prediction that isn't finite (500), and as {@link rowBatcher} does */
  const predict = async (batch: Batch): Promise<Predictions> => {
    const predictions = await batcher.predict(batch);
    const reason = notFinite(schema, predictions, batch, (row) => `row ${row} of the request`);
    if (reason !== undefined) throw new HttpError(500, reason);
    return predictions;
  };
  return {
    ...{ id, predictor, batcher, labels, rowsOf, predict, explain, since: new Date() },
    document: openApi(schema, limits),
    watch: rowWatch(schema, profile),
    /** Encodes the rows of a request, in turns with those of others. @throws BadRows with the first {@link MAX_FAULTS} faults */
    async read(rows: readonly Row[]): Promise<Batch> {
      const faults: RowFault[] = [];
      const batches = await inSlices(rows.length, (from, to) => {
        const onFault = (fault: RowFault) => {
          faults.push({ ...fault, row: from + fault.row });
          if (faults.length === MAX_FAULTS) throw new BadRows(faults);
        };
        const slice = rows.slice(from, to);
        booleanFaults(numbers, slice).forEach(onFault);
        return encode(slice, onFault);
      });
      if (faults.length > 0) throw new BadRows(faults);
      return batches.length === 1 ? batches[0]! : joinBatches(batches, layout);
    },
    /** Predicts rows and compares the predictions with their labels. @returns the number of labels of each task */
    async compareLabels(given: readonly Row[]): Promise<Readonly<Record<string, number>>> {
      const rows = await rowsOf(given);
      const read = await inTurn(() => labels.reader(rows));
      const batches = await inSlices(rows.length, read);
      const predictions = await predict(joinBatches(batches, layout));
      let row = 0;
      const counts = batches.map((batch) => {
        const own = predictionsOfRows(predictions, rows.length, row, (row += batch.size));
        return inTurn(() => labels.add(batch, own));
      });
      return (await Promise.all(counts)).reduce((sums, each) => mapValues(sums, (sum, task) => sum + each[task]!));
    },
    /** Runs an action with the model, which isn't freed meanwhile. */
    async use<R>(action: () => Promise<R>): Promise<R> {
      users++;
      try {
        return await action();
      } finally {
        if (--users === 0) onIdle?.();
      }
    },
    /** Frees the model when nobody uses it any more. New requests must not use it. */
    async retire(): Promise<void> {
      if (users > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await free();
    },
  };
}
