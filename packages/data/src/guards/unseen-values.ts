import { defineFinding, type Finding, memoized, sum } from '@polytask/components';
import { percent } from '../words/words.ts';
import { type Coded, columnIn, type Need, textsIn } from '../columns/columns.ts';
import { featureNeeds, idsOf, numberOf, type FeatureDeclaration } from '../declarations/features.ts';
import { type Table } from '../table/table.ts';
import type { PartName } from '../fitting/row-split.ts';

const unseen = /* @__PURE__ */ defineFinding<'column' | 'part', { isNumber: boolean; share: number }>('unseen-values', {
  says({ column, part, isNumber, share }) {
    const what = isNumber ? 'lies outside the range of the training rows' : 'has a value that no training row has';
    return `In ${percent(share, 1)} of the ${part} rows, feature "${column}" ${what}.`;
  },
  remedy: 'The model has learned nothing about that: leave the feature out, or split otherwise.',
});

/** With a larger share of rows, a part is unlike the training rows. */
const MOST = 0.2;

/**
 * Finds features whose values the training rows lack in more than a fifth of a part's rows: after a split by time, for instance, a
 * feature `month`. A model has learned nothing of such values. A text or an id is unseen if no training row has it. A list is
 * unseen if all its values are, and a number if it lies outside the range of the training rows. Missing values don't count.
 *
 * @example
 * unseenValues(['test', raw.test], raw.train);
 * // [{ kind: 'unseen-values', about: { column: 'month', part: 'test' }, … }]
 */
export function unseenValues([part, rows]: readonly [PartName, Table], train: Table): Finding[] {
  const { size } = rows;
  if (size === 0 || train.size === 0) return [];
  const seen = seenTexts(train);
  return Object.entries(rows.features).flatMap(([feature, declared]): Finding[] => {
    const number = numberOf(feature, declared);
    const known = seen.get(ownerOf(feature, train.features));
    if (!number && !known) return [];
    const count = number
      ? outsideRange(columnIn(rows, 'numbers', number.column), columnIn(train, 'numbers', number.column))
      : unseenRows(textsOf(rows, feature, declared), size, known!);
    const share = count / size;
    return share <= MOST ? [] : [unseen({ column: feature, part }, { isNumber: number !== undefined, share })];
  });
}

function textsOf(table: Table, name: string, declared: FeatureDeclaration): Coded {
  const [{ kind, key }] = featureNeeds(name, declared) as [Need];
  return columnIn(table, kind as 'texts' | 'lists', key);
}

function ownerOf(name: string, features: Table['features']): string {
  const ids = features[name] && idsOf(features[name]);
  return ids?.kind === 'shared' ? ids.with : name;
}

/** The texts of the training rows, by the feature that owns the vocabulary. */
function seenTexts(train: Table): ReadonlyMap<string, ReadonlySet<string>> {
  const seen = new Map<string, Set<string>>();
  for (const [name, declared] of Object.entries(train.features)) {
    if (!idsOf(declared)) continue;
    const owner = ownerOf(name, train.features);
    const texts = seen.get(owner) ?? new Set<string>();
    for (const text of textsIn(textsOf(train, name, declared))) texts.add(text);
    seen.set(owner, texts);
  }
  return seen;
}

/** The number of rows with values, of which none is known. */
function unseenRows({ codes, dictionary, offsets }: Coded, size: number, known: ReadonlySet<string>): number {
  const isKnown = Uint8Array.from(dictionary, (text) => Number(known.has(text)));
  let count = 0;
  for (let row = 0; row < size; row++) {
    const [from, to] = offsets ? [offsets[row]!, offsets[row + 1]!] : [row, row + 1];
    let [some, seen] = [false, false];
    for (let at = from; at < to; at++) {
      if (codes[at]! < 0) continue;
      some = true;
      seen ||= isKnown[codes[at]!] === 1;
    }
    count += Number(some && !seen);
  }
  return count;
}

const rangeOf = memoized((values: Float64Array): readonly [least: number, greatest: number] => {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
});

function outsideRange(values: Float64Array, others: Float64Array): number {
  const [least, greatest] = rangeOf(others);
  return least > greatest ? 0 : sum(values, (value) => Number(value < least || value > greatest));
}
