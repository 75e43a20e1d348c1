import { sum } from '@polytask/components';
import type { Predictions, Schema } from '@polytask/core';
import { binCount, binner, type Histogram, type RowProfile } from './row-profile.ts';
import { type ShiftVerdict, stability, type Stability, verdictOf } from '../statistics/stability.ts';
import { featureColumns, predictionColumns, type WatchedColumn, type WatchedRows } from './watched-columns.ts';

/** A value of the training rows, and of the rows of now. The former is NaN without a profile. */
export interface ThenAndNow {
  readonly then: number;
  readonly now: number;
}

/** How the values of a feature or of predictions differ from those of the training. */
export interface ColumnDrift extends Stability, Pick<WatchedColumn<never>, 'name' | 'of' | 'type' | 'date'> {
  /** The number of values: rows, or entries of lists. */
  readonly values: number;
  /** The share of missing values. */
  readonly missing: ThenAndNow;
  /** The share of ids outside the vocabulary, or of numbers outside the range of the training. NaN for hashed ids. */
  readonly unseen: ThenAndNow;
  /** Of numbers in their unit. */
  readonly mean: ThenAndNow | undefined;
  readonly verdict: ShiftVerdict;
}

export interface RowDrift {
  readonly features: readonly ColumnDrift[];
  readonly predictions: readonly ColumnDrift[];
}

/**
 * Counts rows as they come, and compares them with a profile. Its memory doesn't grow with the rows.
 *
 * @example
 * const counts = new RowCounts(model.schema, await readProfile('people-model'));
 * counts.add({ batch: encode(table, model.schema).arrays, raw: rawValues(table) });
 * counts.drift().features[0]; // { name: 'age', psi: 0.31, verdict: 'large', … }
 */
export class RowCounts {
  /** The number of rows. */
  rows = 0;
  readonly #features: ColumnCounts<WatchedRows>[];
  readonly #predictions: ColumnCounts<Predictions>[];

  /** @param profile of rows that were encoded with the same schema. Without it, only missing values and unseen ids are counted */
  constructor(schema: Schema, profile?: RowProfile) {
    this.#features = featureColumns(schema).map((each) => columnCounts(each, profile?.features[each.name]));
    this.#predictions = predictionColumns(schema.tasks).map((each) =>
      columnCounts(each, profile?.predictions[each.name]),
    );
  }

  add(rows: WatchedRows): void {
    this.rows += rows.batch.size;
    for (const each of this.#features) each.add(rows);
  }

  addPredictions(predictions: Predictions): void {
    for (const each of this.#predictions) each.add(predictions);
  }

  /** @param others further counts with the same schema and profile, which are added to these */
  drift(...others: readonly RowCounts[]): RowDrift {
    const rows = sum([this, ...others], (each) => each.rows);
    return {
      features: this.#features.map(({ drift }, i) => drift(rows, ...others.map((other) => other.#features[i]!.own))),
      predictions: this.#predictions.map(({ drift }, i) =>
        drift(Infinity, ...others.map((other) => other.#predictions[i]!.own)),
      ),
    };
  }
}

type ColumnCounts<R> = ReturnType<typeof columnCounts<R>>;

function columnCounts<R>(column: WatchedColumn<R>, profile: Histogram | undefined) {
  const bins = profile ?? (column.type === 'numbers' ? { edges: [] } : { codes: [] });
  const binOf = binner(bins);
  const own = { counts: new Float64Array(binCount(bins)), sum: 0 };
  return {
    own,
    add(rows: R): void {
      column.each(rows, (value) => {
        own.counts[binOf(value)]!++;
        if (!Number.isNaN(value)) own.sum += value;
      });
    },
    drift(rows: number, ...others: readonly (typeof own)[]): ColumnDrift {
      const { name, of, type, date, hasUnit, hasUnseen } = column;
      const all = [own, ...others];
      const now = own.counts.map((_, bin) => sum(all, ({ counts }) => counts[bin]!));
      const { counts: then = [], mean = NaN } = profile ?? {};
      const measured = stability(then, now, rows);
      const shareOf = (place: number): ThenAndNow => ({ then: shareIn(then, place), now: shareIn(now, place) });
      const present = sum(now.subarray(0, -1));
      return {
        ...{ name, of, type, date },
        values: present + now.at(-1)!,
        missing: shareOf(-1),
        unseen: hasUnseen ? shareOf(-2) : { then: NaN, now: NaN },
        mean: type === 'numbers' && hasUnit ? { then: mean, now: sum(all, (each) => each.sum) / present } : undefined,
        ...measured,
        verdict: verdictOf(measured),
      };
    },
  };
}

const shareIn = (counts: readonly number[] | Float64Array, place: number): number => counts.at(place)! / sum(counts);
