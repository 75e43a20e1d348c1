import { countsOf, defineFinding, type Finding } from '@polytask/components';
import { labelOf, labelsOf, layoutOf } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { labelParts } from '../labels/index.ts';
import { PSI_LIMITS, stability, type Stability, verdictOf } from '../statistics/stability.ts';
import type { PartName } from '../fitting/row-split.ts';

/** About a feature or the label of a task. */
const shifted = /* @__PURE__ */ defineFinding<'part', { stability: number }>('shifted-values', {
  says({ part, column, task, stability }) {
    const what = column === undefined ? `the label of task "${task}"` : `feature "${column}"`;
    return (
      `In the ${part} rows, ${what} has another distribution than in the training rows (population stability index ` +
      `${stability.toFixed(2)}; above ${PSI_LIMITS.large} is large).`
    );
  },
  remedy: 'Use another split, or train on rows like these.',
});

/** The bins of a column: the deciles of numbers, the most frequent of other values. */
const BINS = 10;
/** At most so many rows of a part, evenly spaced. */
const ROWS = 20_000;

/**
 * Finds features and labels whose distribution in a part differs from that in the training rows, by the population stability index
 * of ten bins, beyond chance: see {@link stability}. A model of other rows may be wrong there. Values that the training rows
 * lack, and lists, don't count.
 *
 * @example
 * shiftedValues(['test', test], train);
 * // [{ kind: 'shifted-values', about: { part: 'test', column: 'age' }, evidence: { stability: 0.41 }, … }]
 */
export function shiftedValues([part, rows]: readonly [PartName, EncodedTable], train: EncodedTable): Finding[] {
  const { places, numeric, fields } = layoutOf(train.schema);
  const found = (shift: Shift, of: { readonly column: string } | { readonly task: string }) =>
    verdictOf(shift) === 'large' ? [shifted({ part, ...of }, { stability: shift.psi })] : [];
  const features = places.flatMap(({ name, form, column, width, table }): Finding[] => {
    const isId = form.type === 'id' && table?.name === name;
    if (form.type !== 'numbers' && !isId) return [];
    const shifts = Array.from({ length: isId ? 1 : width }, (_, c) => {
      const valuesOf = ({ arrays, size }: EncodedTable) =>
        isId
          ? sampled(size, (row) => arrays.ids[row * fields + column]!)
          : sampled(size, (row) => arrays.numeric[row * numeric + column + c]!);
      return shiftOf(valuesOf(train), valuesOf(rows), !isId);
    });
    return found(largest(shifts), { column: name });
  });
  const labels = Object.entries(train.schema.tasks).flatMap(([task, declared]): Finding[] => {
    const valuesOf = ({ arrays, size }: EncodedTable) => {
      const own = labelsOf(arrays, task);
      return sampled(size, (row) => (own.weights[row]! > 0 ? own.labels[row]! : NaN));
    };
    const isNumber = labelParts(labelOf(declared)).every(({ type }) => type === 'number');
    const shift = shiftOf(valuesOf(train), valuesOf(rows), isNumber);
    return shift.lacks && !isNumber ? [] : found(shift, { task }); // missingClasses names the class
  });
  return [...features, ...labels];
}

interface Shift extends Stability {
  /** Whether the part has no row in a bin. */
  readonly lacks: boolean;
}

const largest = (shifts: readonly Shift[]): Shift => shifts.reduce((most, each) => (each.psi > most.psi ? each : most));

/** The values of evenly spaced rows, without NaN. */
const sampled = (size: number, valueOf: (row: number) => number): Float64Array =>
  Float64Array.from({ length: Math.min(size, ROWS) }, (_, i) =>
    valueOf(Math.floor((i * size) / Math.min(size, ROWS))),
  ).filter((value) => !Number.isNaN(value));

function shiftOf(train: Float64Array, part: Float64Array, isNumber: boolean): Shift {
  const binOf = isNumber ? decileOf(train) : placeOf(train);
  const counts = (values: Float64Array) => {
    const perBin = new Array<number>(BINS + 1).fill(0);
    for (const value of values) {
      const bin = binOf(value);
      if (bin !== undefined) perBin[bin]!++;
    }
    return perBin;
  };
  const [before, after] = [counts(train), counts(part)];
  const bins = before.flatMap((count, bin) => (count > 0 ? [bin] : []));
  const [then, now] = [before, after].map((each) => bins.map((bin) => each[bin]!)) as [number[], number[]];
  if (bins.length < 2 || now.every((count) => count === 0)) return { psi: 0, expected: 0, limit: 0, lacks: false };
  return { ...stability(then, now), lacks: now.includes(0) };
}

function decileOf(train: Float64Array): (value: number) => number {
  const sorted = train.slice().sort();
  const cuts = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!);
  return (value) => cuts.filter((cut) => cut <= value).length;
}

/** The place of a value among the most frequent training values, {@link BINS} for the others, undefined for none of them. */
function placeOf(train: Float64Array): (value: number) => number | undefined {
  const frequent = [...countsOf(train)].sort(([, a], [, b]) => b - a);
  const places = new Map(frequent.map(([value], place) => [value, Math.min(place, BINS)]));
  return (value) => places.get(value);
}
