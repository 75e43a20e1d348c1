import { mapValues, sum } from '@polytask/components';
import { fail, layoutOf, type Feature, type Schema, type Tasks, labelOf, contextsOf, checkTasks } from '@polytask/core';
import {
  allRows,
  checkRows,
  type ColumnRows,
  columnIn,
  gatherColumns,
  withoutUnusedTexts,
} from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { featureFitter, idsOf } from '../declarations/features.ts';
import { emptyVocabularies } from '../declarations/ids.ts';
import type { Table } from '../table/table.ts';
import type { Fitter, LabeledSample } from '../statistics/statistics.ts';
import { taskFitter, labelParts, labelReader } from '../labels/index.ts';
import { drawsOf } from '../statistics/draws.ts';
import { labelColumns } from '../statistics/label-values.ts';

/** The most rows of a sample. */
const ROWS = 20_000;

type Part = ColumnRows & { readonly draws: Float64Array };

/** Takes at most 20,000 rows at random from tables that come one after the other. It takes the same rows of one table or of several. */
export class RowSample {
  readonly #draw = drawsOf(0);
  /** Rows with a greater draw are left out. */
  #bound = 1;
  #parts: Part[] = [];

  add(table: ColumnRows, rows: ArrayLike<number>): void {
    const draws = Float64Array.from(rows, this.#draw);
    this.#parts.push(this.#below({ ...table, draws }, (i) => rows[i]!));
    while (sum(this.#parts, ({ draws }) => draws.length) > ROWS) {
      this.#bound /= 2;
      this.#parts = this.#parts.map((part) => this.#below(part, (i) => i));
    }
  }

  labeled(tasks: Tasks): LabeledSample {
    const parts = this.#parts;
    return {
      numbers: (column) => Float64Array.from(parts.flatMap((part) => [...columnIn(part, 'numbers', column)])),
      labels: Object.entries(tasks).flatMap(([name, task]) => {
        const labels = parts.flatMap((part) =>
          Array.from({ length: part.size }, (_, row) => row).map(labelReader(part, name, task)),
        );
        return labelParts(labelOf(task)).flatMap(({ type, valueOf }) =>
          labelColumns({ type, values: labels.map(valueOf) }),
        );
      }),
    };
  }

  #below({ draws, where, columns }: Part, rowOf: (i: number) => number): Part {
    const kept = Uint32Array.from([...draws.keys()].filter((i) => draws[i]! < this.#bound));
    const rows = kept.map(rowOf);
    return {
      size: rows.length,
      columns: withoutUnusedTexts(gatherColumns({ ...columns, vectors: {} }, rows)), // no label is a vector
      where: (row) => where(rows[row]!),
      draws: Float64Array.from(kept, (i) => draws[i]!),
    };
  }
}

/**
 * Fits the features and tasks of a table: vocabularies, means and standard deviations, classes.
 *
 * @param rows the indices of the training rows; default: all rows. Other rows have no effect.
 * @returns plain JSON, which encodes tables and is saved with the model
 * @throws PolytaskError for a task without a label in these rows, for a positive value that doesn't occur, and for a context that is no
 * feature with one id
 * @example
 * const schema = fitSchema(train);
 * const [encodedTrain, encodedTest] = [encode(train, schema), encode(test, schema)];
 */
export function fitSchema<T extends Tasks, F extends string = string>(
  table: Table<T, F>,
  rows: ArrayLike<number> = allRows(table.size),
): Schema<T, F> {
  checkRows(rows, table.size);
  const fitter = schemaFitter(table);
  fitter.add(table, rows);
  return fitter.finish();
}

/** Fits all features and tasks of a declaration. @param cap the largest number of different values to count for a feature */
export function schemaFitter<T extends Tasks, F extends string = string>(
  declaration: Declaration<T, F>,
  cap = Infinity,
): Fitter<Schema<T, F>> {
  const features = featuresFitter(declaration.features, cap);
  const tasks = mapValues(declaration.tasks, (task, name) => taskFitter(name, task));
  const sample = new RowSample();
  return {
    add(table, rows) {
      features.add(table, rows);
      for (const fitter of Object.values(tasks)) fitter.add(table, rows);
      sample.add(table, rows);
    },
    finish() {
      const fitted = finishedTasks<T>(tasks);
      return schemaOf(features.finish([sample.labeled(fitted)]), fitted, declaration.context);
    },
  };
}

/** @throws PolytaskError for a context that is no feature with one id, or is there twice */
export function schemaOf<T extends Tasks, F extends string = string>(
  features: Schema<T, F>['features'],
  tasks: T,
  context: Declaration['context'] = [],
): Schema<T, F> {
  const schema = { features, tasks, ...(context.length > 0 && { context }) };
  contextsOf(schema, layoutOf(schema));
  return schema;
}

/** Fits all features. @param cap the largest number of different values to count for a feature */
export function featuresFitter<F extends string>(
  features: Declaration<Tasks, F>['features'],
  cap: number,
): Fitter<Record<F, Feature>> {
  const vocabularies = emptyVocabularies(
    mapValues(features, (declared) => idsOf(declared)),
    cap,
  );
  const fitters = mapValues(features, (declared, name) => featureFitter(name, declared, vocabularies));
  let size = 0;
  return {
    add(table, rows) {
      for (const fitter of Object.values<Fitter<Feature>>(fitters)) fitter.add(table, rows);
      size += rows.length;
    },
    finish(samples) {
      if (size === 0) {
        fail({
          expected: 'at least one training row',
          received: 'none',
          fix: 'Make the validation and test parts smaller.',
        });
      }
      const fitted = mapValues(fitters, (fitter) => fitter.finish(samples));
      layoutOf({ features: fitted }); // checks the features that others name
      return fitted;
    },
  };
}

export function finishedTasks<T extends Tasks>(fitters: Readonly<Record<string, Fitter<Tasks[string]>>>): T {
  const tasks = mapValues(fitters, (fitter) => fitter.finish());
  checkTasks(tasks);
  return tasks as Tasks as T;
}
