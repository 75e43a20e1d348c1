import { isObject, type JsonSchema, mapValues } from '@polytask/components';
import {
  rowEncoder,
  joinBatches,
  type Batch,
  type Predictions,
  type Row,
  type RowEncoder,
  type RowFault,
} from '@polytask/core';
import { type RowProfile, withoutMarkers } from '@polytask/data';
import type { Predictor } from '@polytask/serving';
import { notFinite, predictionsOfRows } from '../row-predictions.ts';
import { rowBatcher } from './batcher.ts';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';
import { labelWatch, type LabelWatch } from './label-watch.ts';
import { booleanFaults, numberFeatures } from './number-values.ts';
import { openApi } from './open-api.ts';
import { rowWatch } from './row-watch.ts';
import type { ServiceLimits } from './serve-options.ts';
import { inSlices, inTurn } from './turns.ts';

interface ServedOptions {
  /** As `modelId` gives it; undefined for a model that isn't from a folder. */
  readonly id?: string | undefined;
  readonly profile?: RowProfile | undefined;
  /** The texts that mean "no value" in the model's files, such as `?`, or `-999`, which also stands for the number. */
  readonly missing?: readonly string[] | undefined;
  readonly onBatch?: (rows: number) => void;
  readonly free?: () => Promise<void>;
}

/** A model that answers requests, until another one takes its place. */
export class ServedModel {
  readonly id: string | undefined;
  readonly since = new Date();
  readonly predictor: Predictor;
  readonly batcher: ReturnType<typeof rowBatcher>;
  readonly document: JsonSchema;
  readonly watch: ReturnType<typeof rowWatch>;
  readonly labels: LabelWatch;
  readonly #unmarked: ReturnType<typeof withoutMarkers> | undefined;
  readonly #encode: RowEncoder;
  readonly #numbers: readonly string[];
  readonly #free: () => Promise<void>;
  #users = 0;
  #onIdle: (() => void) | undefined;

  constructor(predictor: Predictor, limits: ServiceLimits, options: ServedOptions = {}) {
    const { id, profile, missing = [], onBatch, free = () => Promise.resolve() } = options;
    const { schema } = predictor;
    this.id = id;
    this.predictor = predictor;
    this.#encode = rowEncoder(schema);
    this.#numbers = numberFeatures(schema.features);
    this.batcher = rowBatcher(predictor, limits, onBatch);
    this.document = openApi(schema, limits);
    this.watch = rowWatch(schema, profile);
    this.labels = labelWatch(schema);
    this.#unmarked = missing.length > 0 ? withoutMarkers(missing) : undefined;
    this.#free = free;
  }

  /** Reads the rows of a request as the model's files are read: with null for values, and entries of lists, that mean "no value" there. */
  async rowsOf(rows: readonly Row[]): Promise<readonly Row[]> {
    const unmarked = this.#unmarked;
    if (!unmarked) return rows;
    const rowOf = (row: Row) => (isObject(row) ? mapValues(row, unmarked) : row); // what is no row is refused later
    return (await inSlices(rows.length, (from, to) => rows.slice(from, to).map(rowOf))).flat();
  }

  /** Encodes the rows of a request, in turns with those of others. @throws BadRows with the first {@link MAX_FAULTS} faults */
  async read(rows: readonly Row[]): Promise<Batch> {
    const faults: RowFault[] = [];
    const batches = await inSlices(rows.length, (from, to) => {
      const onFault = (fault: RowFault) => {
        faults.push({ ...fault, row: from + fault.row });
        if (faults.length === MAX_FAULTS) throw new BadRows(faults);
      };
      const slice = rows.slice(from, to);
      booleanFaults(this.#numbers, slice).forEach(onFault);
      return this.#encode(slice, onFault);
    });
    if (faults.length > 0) throw new BadRows(faults);
    return batches.length === 1 ? batches[0]! : joinBatches(batches, this.predictor.layout);
  }

  /** Predicts the rows of a request. @throws HttpError for a prediction that isn't finite (500), and as {@link rowBatcher} does */
  async predict(batch: Batch): Promise<Predictions> {
    const predictions = await this.batcher.predict(batch);
    const reason = notFinite(predictions, batch.size, (row) => `row ${row} of the request`);
    if (reason !== undefined) throw new HttpError(500, reason);
    return predictions;
  }

  async compareLabels(given: readonly Row[]): Promise<Readonly<Record<string, number>>> {
    const rows = await this.rowsOf(given);
    const read = await inTurn(() => this.labels.reader(rows));
    const batches = await inSlices(rows.length, read);
    const predictions = await this.predict(joinBatches(batches, this.predictor.layout));
    let row = 0;
    const counts = batches.map((batch) => {
      const own = predictionsOfRows(predictions, rows.length, row, (row += batch.size));
      return inTurn(() => this.labels.add(batch, own));
    });
    return (await Promise.all(counts)).reduce((sums, each) => mapValues(sums, (sum, task) => sum + each[task]!));
  }

  /** Runs an action with the model, which isn't freed meanwhile. */
  async use<R>(action: (model: this) => Promise<R>): Promise<R> {
    this.#users++;
    try {
      return await action(this);
    } finally {
      if (--this.#users === 0) this.#onIdle?.();
    }
  }

  /** Frees the model when nobody uses it any more. New requests must not use it. */
  async retire(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#free();
  }
}
