import { memoized } from '@polytask/components';
import { asFeature, MANY, type ColumnChoice } from './column-choice.ts';
import type { ColumnProfile } from './column-profile.ts';
import { namesHistory } from '../words/name-words.ts';
import { BETWEEN } from '../sampling/table-sample.ts';
import { cell, counted, grouped } from '../words/words.ts';

/** The cells of a column of lists. */
export interface Lists {
  /** The different values of all cells. */
  readonly parts: ReadonlySet<string>;
  /** The text between two values of a cell. Undefined for a column of lists. */
  readonly separator: string | undefined;
}

const SEPARATORS = ['|', ';', ',', ' '];
/** In a column of lists, at least this share of the rows has several values. */
const OFTEN = 0.2;
const WORD = /^[\p{L}\p{N}_#:@-]+$/u;

/** The lists of a column whose cells have several values; undefined for other columns. */
export const listsIn = memoized((profile: ColumnProfile): Lists | undefined => {
  if (profile.stored === 'lists') {
    const entries = profile.texts.flatMap((text) => text.split(BETWEEN));
    return { parts: new Set(entries.filter((entry) => entry !== '')), separator: undefined };
  }
  for (const separator of SEPARATORS) {
    const parts = partsBy(separator, profile);
    if (parts) return { parts, separator };
  }
  return undefined;
});

/** `multi-valued`, or `id-sequence` for a history. */
export function listChoice(name: string, { parts, separator }: Lists): ColumnChoice {
  const hashes = parts.size > MANY;
  const buckets = 2 ** Math.ceil(Math.log2(2 * parts.size));
  const values = hashes && { values: { kind: 'hashed', buckets } };
  const hashing = hashes ? `, hashed into ${grouped(buckets)} buckets` : '';
  const kind = namesHistory(name) ? 'id-sequence' : 'multi-valued';
  const lists = kind === 'id-sequence' ? 'By its name a history: lists' : 'Lists';
  const between = separator === undefined ? '' : ` with ${cell(separator)} between`;
  return asFeature(
    { kind, ...(separator !== undefined && separator !== '|' && { separator }), ...values },
    `${lists}${between}: ${counted(parts.size, 'different value')}${hashing}.`,
  );
}

/** The different values between the separators; undefined where the cells don't look like lists. */
function partsBy(separator: string, { counts, present }: ColumnProfile): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  let [several, many] = [0, 0];
  for (const [text, count] of counts) {
    const parts = text.split(separator).map((part) => part.trim());
    if (separator !== '|' && separator !== ';' && new Set(parts).size < parts.length) return undefined;
    if (separator === ' ' && !parts.every((part) => WORD.test(part))) return undefined;
    if (parts.length > 1) several += count;
    if (parts.length > 2) many += count;
    for (const part of parts) if (part !== '') values.add(part);
  }
  if (several < OFTEN * present || counts.size < 3 || values.size < 2) return undefined;
  // values of lists repeat in other cells, so there are fewer values than cells; for words of a text, far fewer
  const fits =
    separator === ' '
      ? counts.size > 20 && values.size <= counts.size / 3 && many >= OFTEN * present
      : values.size < counts.size * (separator === ',' ? 0.5 : 1) && (separator !== ',' || many >= 0.1 * present);
  return fits ? values : undefined;
}
