import { countsOf } from '@polytask/components';
import { decodeFeatures, type FeatureColumn, type Schema } from '@polytask/core';
import { rawFeatures } from '@polytask/data';
import type { TrialData } from '@polytask/study';

/** The value of a control: null where it is missing. */
export type Value = number | string | null;

/** A feature with a number, for a slider. */
export interface NumberControl {
  readonly kind: 'number';
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** A feature with a text, for a list. */
export interface TextControl {
  readonly kind: 'text';
  readonly name: string;
  readonly choices: readonly string[];
}

/** A feature of a row that a visitor changes. */
export type Control = NumberControl | TextControl;

/** Some test rows, and the ranges in which a visitor may change them. */
export interface ExampleRows {
  readonly controls: readonly Control[];
  /** Rows to start from; values in the order of the controls. */
  readonly rows: readonly (readonly Value[])[];
}

/** How many test rows are read for ranges and choices, how many of them a page keeps, and how many texts a list has. */
const READ = 1000;
const KEPT = 40;
const MOST_CHOICES = 60;
/** How many steps a slider has, about. */
const STEPS = 100;

/** The first test rows, with values as they were read where the data have them, and decoded ones otherwise. */
export function exampleRows({ test, raw }: Pick<TrialData, 'test' | 'raw'>, schema: Schema): ExampleRows {
  const table = raw?.().test;
  if (table) return examplesOf(rawFeatures(table, 0, Math.min(READ, table.size)));
  const rows = test();
  const indices = Uint32Array.from({ length: Math.min(READ, rows.size) }, (_, row) => row);
  return examplesOf(decodeFeatures(rows.batch(indices), schema));
}

/** Ranges, choices and rows of some columns. A column without a value has no control. */
export function examplesOf(columns: readonly FeatureColumn[]): ExampleRows {
  const shown = columns.flatMap((column) => {
    const control = controlOf(column);
    return control ? [{ control, values: column.values }] : [];
  });
  const size = Math.min(KEPT, columns[0]?.values.length ?? 0);
  return {
    controls: shown.map(({ control }) => control),
    rows: Array.from({ length: size }, (_, row) => shown.map(({ values }) => values[row]!)),
  };
}

function controlOf({ name, kind, values }: FeatureColumn): Control | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  if (kind === 'number') return { kind, name, ...rangeOf(known as number[]) };
  const frequent = [...countsOf(known as string[])].sort(([, a], [, b]) => b - a).slice(0, MOST_CHOICES);
  const first = (known as string[]).slice(0, KEPT); // a kept row finds its own text in the list
  return { kind, name, choices: [...new Set([...frequent.map(([text]) => text), ...first])] };
}

/** The range of some numbers, with a step of 1, 2 or 5 times a power of ten: a whole one for integers. */
export function rangeOf(values: readonly number[]): Pick<NumberControl, 'least' | 'most' | 'step'> {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const rough = (high - low || Math.abs(low) || 1) / STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
  const step = values.every(Number.isInteger) ? Math.max(1, Math.round(nice)) : nice;
  const [least, most] = [onStep(Math.floor(low / step) * step, step), onStep(Math.ceil(high / step) * step, step)];
  return { least, most: most > least ? most : least + step, step };
}

/** A number with the decimals of a step. */
export const onStep = (value: number, step: number): number =>
  Number(value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));

/**
 * A row of controls as a model reads it: the entries `x[0]`, `x[1]`, … of a vector are a list.
 *
 * @example rowOf([{ kind: 'number', name: 'x[0]', … }], [3]) // { x: [3] }
 */
export function rowOf(controls: readonly Control[], values: readonly Value[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [i, { name }] of controls.entries()) {
    const [, vector, index] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    if (vector === undefined) row[name] = values[i];
    else ((row[vector] ??= []) as Value[])[Number(index)] = values[i]!;
  }
  return row;
}
