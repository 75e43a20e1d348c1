import {
  fail,
  labelOf,
  unitOf,
  type Examples,
  type ExampleStream,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';
import { labelTypeOf } from '@polytask/core/internal';
import type { RowSource } from '../rows/rows.ts';

interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

const MOST = 5;

export function differences(expected: unknown, received: unknown): Difference[] {
  const list: Difference[] = [];
  compare(plain(expected), plain(received), '', list);
  return list;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function compare(expected: unknown, received: unknown, path: string, list: Difference[]): void {
  if (list.length >= MOST || expected === received) return;
  if (isObject(expected) && isObject(received) && Array.isArray(expected) === Array.isArray(received)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(received)])) {
      compare(entryOf(expected, key), entryOf(received, key), path === '' ? key : `${path}.${key}`, list);
    }
    // the order of keys is the order of columns and logits
    const [own, other] = [Object.keys(expected).join(', '), Object.keys(received).join(', ')];
    if (list.length === 0 && own !== other)
      list.push({ path: path || 'it', expected: `the order ${own}`, received: `the order ${other}` });
    return;
  }
  list.push({ path: path || 'it', expected: short(expected), received: short(received) });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** An entry of the object itself: a document may have keys such as `toString`. */
const entryOf = (object: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const short = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/** Checks that the rows have the model's encoded features, and labels for its tasks. @param what the name of the rows in errors */
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
    const another = received && unitOf(labelOf(received)).scale ? 'labels of another scale' : 'other classes';
    fail({
      expected: `labels of the ${expected.kind} task "${task}" in ${what}`,
      received: received
        ? `those of a ${received.kind} task, or ${another}`
        : `labels of ${Object.keys(schema.tasks).join(', ')}`,
      fix: 'Build the model and encode all rows with the schema of the training table.',
    });
  }
}

function encodingOf(task: Task | undefined): string | undefined {
  if (!task) return undefined;
  const label = labelOf(task);
  const { log, scale = 'none' } = unitOf(label);
  return JSON.stringify([label.type, labelTypeOf(label).names?.(label), log, scale, scale !== 'none' && task.fitted]);
}
