import type { FeatureColumn, Task } from '@polytask/core';
import { type Need, valueReader } from '../columns/columns.ts';
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
  const read = valueReader(table, need);
  const values = Array.from({ length: to - from }, (_, i) => read(from + i));
  if (need.kind === 'vectors')
    return Array.from({ length: need.width }, (_, i) => ({
      ...{ name: `${name}[${i}]`, kind: 'number' },
      values: (values as Float32Array[]).map((vector) => vector[i]!),
    }));
  const textOf = (value: unknown) => (need.kind === 'lists' ? (value as string[]).join(need.separator) : value);
  return [
    {
      ...{ name, kind: need.kind === 'numbers' ? 'number' : 'text' },
      values: values.map((value) => (Number.isNaN(value) ? null : (textOf(value) as number | string | null))),
    },
  ];
}

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
