import type { FeatureColumn, Task } from '@polytask/core';
import { type Lists, type Need, columnIn } from '../columns/columns.ts';
import { featureNeeds } from '../declarations/features.ts';
import { labelReader, weightReader } from '../labels/index.ts';
import { type Table } from '../table/table.ts';

/**
 * The features of some rows as they were read: numbers, texts, and lists as one text with the feature's separator. A vector `x` has the
 * columns `x[0]`, `x[1]`, …, as in core's `decodeFeatures`.
 *
 * @param to exclusive
 * @example rawFeatures(table, 0, 2) // [{ name: 'age', kind: 'number', values: [41, null] }]
 */
export const rawFeatures = (table: Table, from: number, to: number): FeatureColumn[] =>
  Object.entries(table.features).flatMap(([name, declared]) => {
    const needs = featureNeeds(name, declared);
    return needs.flatMap((need, i) => columnsOf(table, need, needs.length > 1 ? `${name}[${i}]` : name, from, to));
  });

function columnsOf(table: Table, need: Need, name: string, from: number, to: number): FeatureColumn[] {
  const perRow = <V>(value: (row: number) => V) => Array.from({ length: to - from }, (_, i) => value(from + i));
  switch (need.kind) {
    case 'numbers': {
      const numbers = columnIn(table, 'numbers', need.key);
      return [{ name, kind: 'number', values: perRow((row) => (Number.isNaN(numbers[row]) ? null : numbers[row]!)) }];
    }
    case 'texts': {
      const { codes, dictionary } = columnIn(table, 'texts', need.key);
      return [{ name, kind: 'text', values: perRow((row) => dictionary[codes[row]!] ?? null) }];
    }
    case 'lists': {
      const lists = columnIn(table, 'lists', need.key);
      return [{ name, kind: 'text', values: perRow((row) => listText(lists, row)) }];
    }
    case 'vectors': {
      const { width, values } = columnIn(table, 'vectors', need.key);
      return Array.from({ length: width }, (_, i) => ({
        ...{ name: `${name}[${i}]`, kind: 'number' },
        values: perRow((row) => values[row * width + i]!),
      }));
    }
  }
}

const listText = ({ offsets, codes, dictionary, separator }: Lists, row: number): string =>
  Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => dictionary[code] ?? '').join(separator);

/** The labels of some rows in their own unit, and their weights. */
export interface RawLabels {
  /** [rows] 0 or 1, the index of a class, a bit mask of labels, or a number; null where missing. */
  readonly labels: readonly (number | null)[];
  /** [rows]; 0 where the label is missing. */
  readonly weights: readonly number[];
}

/**
 * The labels of some rows as they were read.
 *
 * @param task the task of a fitted schema, which has the classes
 * @param to exclusive
 * @throws PolytaskError for a text that is no label of the task
 * @example rawLabels(table, 'cost', schema.tasks.cost, 0, 2) // { labels: [130, null], weights: [1, 0] }
 */
export function rawLabels(table: Table, name: string, task: Task, from: number, to: number): RawLabels {
  const [labelOf, weightOf] = [labelReader(table, name, task), weightReader(table, task)];
  const read = Array.from({ length: to - from }, (_, i) => labelOf(from + i));
  return {
    labels: read.map((label) => (Number.isNaN(label) ? null : label)),
    weights: read.map((label, i) => (Number.isNaN(label) ? 0 : weightOf(from + i))),
  };
}
