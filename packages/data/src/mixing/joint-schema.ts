import { mapValues, recordOf } from '@polytask/components';
import { fail, suggestion, type Schema, type Task, type Tasks } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { featuresFitter, finishedTasks, schemaOf, RowSample } from '../fitting/fit-schema.ts';
import { taskFitter } from '../labels/index.ts';
import type { Table } from '../table/table.ts';

type Each<M> = { [N in keyof M]: M[N] extends Declaration<infer T> ? T : never }[keyof M];
type KeysOfEach<U> = U extends unknown ? keyof U & string : never;

/** All tasks of several tables or streams, by name. */
export type MixedTasks<M> = { readonly [K in KeysOfEach<Each<M>>]: Extract<Each<M>, Record<K, Task>>[K] };

type Sources = Readonly<Record<string, Declaration>>;

export function checkSameFeatures(sources: Sources, by: string): void {
  const entries = Object.entries(sources);
  const [first] = entries;
  if (!first) return fail({ expected: 'at least one table to mix', received: 'none', fix: `Pass ${by}({ a, b }).` });
  for (const [name, { features }] of entries) {
    if (JSON.stringify(features) === JSON.stringify(first[1].features)) continue;
    fail({
      expected: `the features of table "${first[0]}" in table "${name}" too`,
      received: `others: ${Object.keys(features).join(', ')}`,
      fix: 'Declare the same features in the same order, with from where a column has another name.',
    });
  }
}

export function checkTasksIn(schema: Schema, sources: Sources): void {
  for (const [name, { tasks }] of Object.entries(sources)) {
    for (const [task, { kind }] of Object.entries(tasks)) {
      const fitted = schema.tasks[task];
      if (fitted?.kind === kind) continue;
      fail({
        expected: `task "${task}" of table "${name}" in the schema, ${kind}`,
        received: fitted ? `a ${fitted.kind} one` : 'a schema without it',
        fix: fitted ? 'Declare it as it was when the schema was fitted.' : suggestion(task, Object.keys(schema.tasks)),
      });
    }
  }
}

/** Fits features to all rows, and a task to the rows of the sources that declare it. A context of one source is one of all. */
export function jointFitter<T extends Tasks>(sources: Sources, cap = Infinity) {
  const features = featuresFitter(Object.values(sources)[0]!.features, cap);
  const fitters = mapValues(jointTasks(sources), (task, name) => taskFitter(name, task));
  const samples = mapValues(sources, () => new RowSample());
  return {
    add(source: string, table: Table): void {
      const rows = allRows(table.size);
      features.add(table, rows);
      samples[source]!.add(table, rows);
      for (const name of Object.keys(sources[source]!.tasks)) fitters[name]!.add(table, rows);
    },
    finish(): Schema<T> {
      const tasks = finishedTasks<T>(fitters);
      const contexts = Object.values(sources).flatMap(({ context = [] }) => context);
      const labeled = Object.entries(samples).map(([source, sample]) =>
        sample.labeled(recordOf(Object.keys(sources[source]!.tasks), (name) => tasks[name]!)),
      );
      return schemaOf(features.finish(labeled), tasks, [...new Set(contexts)]);
    },
  };
}

function jointTasks(sources: Sources): Record<string, Task> {
  const joint: Record<string, Task> = {};
  for (const [name, { tasks }] of Object.entries(sources)) {
    for (const [task, declared] of Object.entries(tasks)) {
      if (task in joint && JSON.stringify(joint[task]) !== JSON.stringify(declared)) {
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
