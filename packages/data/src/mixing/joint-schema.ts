import { fail, suggestion, type Schema, type Task } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';

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
