import type { Lists, Texts } from '../columns/columns.ts';

/** How often each text of the dictionary stands in these rows. */
export function countCodes({ codes, dictionary }: Texts, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (code >= 0) counts[code]!++;
  }
  return counts;
}

/** The same for lists: a text counts as often as it stands there. */
export function countListCodes({ offsets, codes, dictionary }: Lists, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let i = 0; i < rows.length; i++) {
    for (let at = offsets[rows[i]!]!; at < offsets[rows[i]! + 1]!; at++) counts[codes[at]!]!++;
  }
  return counts;
}

export function longestList({ offsets }: Lists, rows: ArrayLike<number>): number {
  let longest = 0;
  for (let i = 0; i < rows.length; i++) longest = Math.max(longest, offsets[rows[i]! + 1]! - offsets[rows[i]!]!);
  return longest;
}
