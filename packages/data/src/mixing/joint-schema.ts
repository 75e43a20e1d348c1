import { fail, suggestion, validateTasks, type Task, type Schema, type Tasks } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { featuresFitter } from '../fitting/fit-schema.ts';
import { taskFitter } from '../fitting/task-fitter.ts';
import type { Table } from '../table/table.ts';

/** The tasks of each source, as a union. */
type Each<M> = { [N in keyof M]: M[N] extends Declaration<infer T> ? T : never }[keyof M];
type KeysOfEach<U> = U extends unknown ? keyof U & string : never;

/** All tasks of the sources, tables or streams. */
export type MixedTasks<M> = { readonly [K in KeysOfEach<Each<M>>]: Extract<Each<M>, Record<K, Task>>[K] };

/** Sources of rows by name: tables, or streams of them. */
type Sources = Readonly<Record<string, Declaration>>;

/** Throws unless there is a source, and all have the same features in the same order. */
export function checkSameFeatures(sources: Sources, by: string): void {
  const all = Object.entries(sources);
  const [first] = all;
  if (!first) return fail({ expected: 'at least one table to mix', received: 'none', mend: `Pass ${by}({ a, b }).` });
  for (const [name, { features }] of all) {
    if (JSON.stringify(features) === JSON.stringify(first[1].features)) continue;
    fail({
      expected: `the features of table "${first[0]}" in table "${name}" too`,
      received: `others: ${Object.keys(features).join(', ')}`,
      mend: 'Declare the same features in the same order, with from where a column has another name.',
    });
  }
}

/** Throws unless a schema that was fitted before has the tasks of all sources. */
export function checkTasksIn(schema: Schema, sources: Sources): void {
  for (const [name, { tasks }] of Object.entries(sources)) {
    for (const [task, { kind }] of Object.entries(tasks)) {
      const there = schema.tasks[task];
      if (there?.kind === kind) continue;
      fail({
        expected: `task "${task}" of table "${name}" in the schema, ${kind}`,
        received: there ? `a ${there.kind} one` : 'a schema without it',
        mend: there ? 'Declare it as it was when the schema was fitted.' : suggestion(task, Object.keys(schema.tasks)),
      });
    }
  }
}

/** Fits the schema of several sources with the same features: features on the rows of all, tasks on those of their own. */
interface JointFitter<T extends Tasks> {
  /** @param name of the source that the table belongs to */
  add(name: string, table: Table): void;
  /** @throws PolytaskError where a task is declared in two ways, or has no label */
  finish(): Schema<T>;
}

/** @param cap how many different values of a feature are counted at most */
export function jointFitter<T extends Tasks>(sources: Sources, cap = Infinity): JointFitter<T> {
  const all = Object.entries(sources);
  const shared = featuresFitter(all[0]![1].features, cap);
  const declared = declaredTasks(sources);
  const fitters = Object.entries(declared).map(([name, task]) => [name, taskFitter(name, task)] as const);
  return {
    add(source, table) {
      const rows = allRows(table.size);
      shared.add(table, rows);
      for (const [name, fitter] of fitters) if (name in sources[source]!.tasks) fitter.add(table, rows);
    },
    finish() {
      const tasks = Object.fromEntries(fitters.map(([name, fitter]) => [name, fitter.finish()]));
      validateTasks(tasks);
      return { features: shared.finish(), tasks: tasks as Tasks as T };
    },
  };
}

/** The tasks of all sources; one of several sources is fitted on the rows of all of them. */
function declaredTasks(sources: Sources): Record<string, Task> {
  const joint: Record<string, Task> = {};
  for (const [name, { tasks }] of Object.entries(sources)) {
    for (const [task, declared] of Object.entries(tasks)) {
      if (task in joint && JSON.stringify(joint[task]) !== JSON.stringify(declared)) {
        fail({
          expected: `task "${task}" to be the same in all tables`,
          received: `another one in table "${name}"`,
          mend: 'Declare it alike, with its classes; or name it otherwise.',
        });
      }
      joint[task] = declared;
    }
  }
  return joint;
}
