import {
  fail,
  labelOf,
  type Examples,
  type ExampleStream,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';
import type { RowSource } from '../rows/rows.ts';
import { differences } from '../differences.ts';

/**
 * Checks that the rows have the features of the model, with the same encoding, and labels for its tasks.
 *
 * @param what the name of the rows in errors, such as `the training rows`
 * @throws PolytaskError that names the first difference
 */
export function checkExamples<T extends Tasks>(model: MultiTaskModel<T>, examples: RowSource<T>, what: string): void {
  const { schema, size, batch, chunks } = (examples ?? {}) as Partial<Examples<T> & ExampleStream<T>>;
  const isReadable = typeof chunks === 'function' || (typeof batch === 'function' && typeof size === 'number');
  if (!isReadable || !schema) {
    fail({
      expected: `${what} to be encoded examples, such as a table`,
      received: Array.isArray(examples) ? 'an array' : typeof examples,
      fix: 'Pass a fitted table, or a split of it.',
    });
  }
  if (size === 0)
    fail({ expected: `at least one row in ${what}`, received: 'none', fix: 'Look at the split that made them.' });
  if (schema === model.schema) return;
  const [feature] = differences(model.schema.features, schema.features);
  if (feature) {
    fail({
      expected: `${what} to be encoded with the model's schema`,
      received: `another at features.${feature.path}: ${feature.received}, where the model has ${feature.expected}`,
      fix: 'Encode all rows with the schema of the training table.',
    });
  }
  for (const task of model.taskNames) {
    const [expected, received] = [model.schema.tasks[task]!, schema.tasks[task]];
    if (encodingOf(expected) === encodingOf(received)) continue;
    const another = received && labelOf(received).type === 'number' ? 'labels of another scale' : 'other classes';
    fail({
      expected: `labels of the ${expected.kind} task "${task}" in ${what}`,
      received: received
        ? `those of a ${received.kind} task, or ${another}`
        : `labels of ${Object.keys(schema.tasks).join(', ')}`,
      fix: 'Build the model and encode all rows with the schema of the training table.',
    });
  }
}

/** What the encoded labels of a task depend on, as text. */
function encodingOf(task: Task | undefined): string | undefined {
  if (!task) return undefined;
  const label = labelOf(task);
  if (label.type === 'yes-no' || label.type === 'time') return label.type;
  if (label.type === 'class') return JSON.stringify([label.type, label.classes]);
  if (label.type === 'labels') return JSON.stringify([label.type, label.labels]);
  return JSON.stringify([label.type, label.log ?? false, label.scale, label.scale !== 'none' && task.fitted]);
}
