import { fail, suggestion, type Examples } from '@polytask/core';
import type { SuiteData } from './suite-row.ts';

/**
 * The data with some of its tasks alone: the others' labels are out of a model's sight.
 *
 * @param names the tasks to keep; undefined: all
 * @throws PolytaskError with the nearest known task
 */
export function withTasks(data: SuiteData, names: readonly string[] | undefined): SuiteData {
  if (names === undefined) return data;
  const tasks = picked(data.tasks, names);
  return {
    ...data,
    tasks,
    config: { ...data.config, tasks: names },
    notes: () =>
      (data.notes?.() ?? []).filter(
        (note) => typeof note === 'string' || note.task === undefined || names.includes(note.task),
      ),
    trial(seed) {
      const rows = data.trial(seed);
      return {
        ...rows,
        train: only(rows.train, names),
        validation: only(rows.validation, names),
        test: () => only(rows.test(), names),
      };
    },
  };
}

const only = (examples: Examples, names: readonly string[]): Examples => ({
  schema: { ...examples.schema, tasks: picked(examples.schema.tasks, names) },
  size: examples.size,
  batch(rows) {
    const batch = examples.batch(rows);
    return { ...batch, labels: picked(batch.labels, names), weights: picked(batch.weights, names) };
  },
});

function picked<V>(all: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  return Object.fromEntries(
    names.map((name) => {
      if (Object.hasOwn(all, name)) return [name, all[name]!];
      return fail({ expected: 'a task of the data', received: `"${name}"`, mend: suggestion(name, Object.keys(all)) });
    }),
  );
}
