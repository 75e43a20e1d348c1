import { fail, mapValues, recordOf, sum } from '@polytask/components';
import {
  layoutOf,
  type Feature,
  type Schema,
  type Task,
  type Tasks,
  labelOf,
  contextsOf,
  checkTasks,
} from '@polytask/core';
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
class RowSample {
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
        const labels = parts.flatMap((part) => Array.from(allRows(part.size), labelReader(part, name, task)));
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
  const fitter = schemaFitter<T, F>({ table });
  fitter.add('table', table, rows);
  return fitter.finish();
}

/**
 * Fits a schema to tables of one or several sources: features to all rows, and a task to the rows of the sources that declare it. A context
 * of one source is one of all.
 *
 * @param sources with the same features
 * @param cap the largest number of different values to count for a feature
 * @throws PolytaskError for a task that two sources declare differently
 */
export function schemaFitter<T extends Tasks, F extends string = string>(
  sources: Readonly<Record<string, Declaration<Tasks, F>>>,
  cap = Infinity,
) {
  const features = featuresFitter(Object.values(sources)[0]!.features, cap);
  const fitters = mapValues(jointTasks(sources), (task, name) => taskFitter(name, task));
  const samples = mapValues(sources, () => new RowSample());
  return {
    add(source: string, table: Table, rows: ArrayLike<number> = allRows(table.size)): void {
      features.add(table, rows);
      samples[source]!.add(table, rows);
      for (const name of Object.keys(sources[source]!.tasks)) fitters[name]!.add(table, rows);
    },
    finish(): Schema<T, F> {
      const tasks = mapValues(fitters, (fitter) => fitter.finish());
      checkTasks(tasks);
      const context = Object.values(sources).reduce<readonly string[]>(
        (all, { context: own = [] }) => [...all, ...own.filter((name) => !all.includes(name))],
        [],
      );
      const labeled = Object.entries(samples).map(([source, sample]) =>
        sample.labeled(recordOf(Object.keys(sources[source]!.tasks), (name) => tasks[name]!)),
      );
      const schema = {
        features: features.finish(labeled),
        tasks: tasks as Tasks as T,
        ...(context.length > 0 && { context }),
      };
      contextsOf(schema, layoutOf(schema)); // throws for one that is no feature with one id, or is there twice
      return schema;
    },
  };
}

/** The tasks of all sources. */
function jointTasks(sources: Readonly<Record<string, Declaration>>): Record<string, Task> {
  const joint: Record<string, Task> = {};
  for (const [name, { tasks }] of Object.entries(sources)) {
    for (const [task, declared] of Object.entries(tasks)) {
      if (Object.hasOwn(joint, task) && JSON.stringify(joint[task]) !== JSON.stringify(declared)) {
        fail({
          expected: `task "${task}" to be the same in all tables`,
          received: `another one in table "${name}"`,
          fix: 'Declare it alike, with its classes; or name it otherwise.',
        });
      }
      joint[task] = declared;
    }
  }
  return joint;
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
