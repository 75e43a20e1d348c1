/** 1204 → "1,204" */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 row", "1,204 rows" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** A number with at most four digits after rounding: 0.1 + 0.2 → "0.3". Integers keep all digits. */
export function short(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e15) return String(Number(value.toPrecision(4)));
  return Math.abs(value) < 10_000 ? String(value) : grouped(value); // years stay as they are
}

/** A share as a percentage. Shares near 0 or 1 are "less than 1%" and "more than 99%". */
export function percent(part: number, all: number): string {
  const share = (100 * part) / all;
  if (share > 0 && share < 1) return 'less than 1%';
  return share > 99 && share < 100 ? 'more than 99%' : `${Math.round(share)}%`;
}

/** A cell's text in quotes, on one line, in at most 32 characters. */
export function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return JSON.stringify(line.length > 32 ? `${line.slice(0, 31)}…` : line);
}

/** In lower case, without blanks, invisible characters, other widths of letters, and signs at the end. */
export const plainText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]+/gu, '')
    .replace(/(?<=.)[.,;:!]+$/, '');

/** "a", "a and b", "a, b and c" */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;

/** Values as JSON, at most so many: `"a", "b", …`. Invisible characters are written as in JSON. */
export const quoted = (values: readonly unknown[], most = Infinity): string =>
  values
    .slice(0, most)
    .map((value) => JSON.stringify(value).replace(/\p{Cf}/gu, escaped))
    .join(', ') + (values.length > most ? ', …' : '');

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** `class "a"`, or `any of 18 classes ("a", "b", "c", "d", "e", …)` */
export const anyOf = (names: readonly string[], one: string, several: string): string =>
  names.length === 1 ? `${one} ${quoted(names)}` : `any of ${names.length} ${several} (${quoted(names, 5)})`;
