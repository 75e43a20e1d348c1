import { fail, isObject, mapValues, shown } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { readDeclaration, type Declaration } from '../declarations/declaration.ts';
import { rowCollector } from './from-rows.ts';
import type { Table } from './table.ts';

/** The part of a `tf.data.Dataset` that Polytask uses. */
export interface TfRows {
  forEachAsync(use: (element: unknown) => void): Promise<void>;
}

/**
 * Reads a `tf.data` dataset of rows, not of batches. An element is an object by column, or `{ xs, ys }` with two such objects,
 * as `tf.data.csv` gives. Tensors are read and disposed.
 *
 * @throws PolytaskError for an element that is no such object, and as {@link fromRows} does
 * @example
 * const table = await fromTfDataset(tf.data.csv('https://example.org/people.csv'), {
 *   features: { age: numeric() },
 *   tasks: { income: binary() },
 * });
 */
export async function fromTfDataset<T extends Tasks, F extends string = string>(
  dataset: TfRows,
  declaration: Declaration<T, F>,
): Promise<Table<T, F>> {
  const collector = rowCollector(readDeclaration(declaration, {}, 'fromTfDataset'));
  await dataset.forEachAsync((element) => collector.add(rowOf(element)));
  return collector.finish();
}

function rowOf(element: unknown): Record<string, unknown> {
  const { xs, ys } = record(element);
  const row = isRecord(xs) && isRecord(ys) ? { ...xs, ...ys } : record(element);
  return mapValues(row, (value) => (value instanceof tf.Tensor ? read(value) : value));
}

function read(tensor: tf.Tensor): unknown {
  const value: unknown = tensor.arraySync();
  tensor.dispose();
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !(value instanceof tf.Tensor);

const record = (element: unknown): Record<string, unknown> =>
  isRecord(element)
    ? element
    : fail({
        expected: 'a dataset of objects, one for each row',
        received: element instanceof tf.Tensor ? `a tensor [${element.shape.join(', ')}]` : shown(element),
        fix: 'Map it first: dataset.map((row) => ({ age: row[0], income: row[1] })).',
      });
