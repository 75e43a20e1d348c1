/** 1204 → "1,204" */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 row", "1,204 rows" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** A number without noise digits: 0.1 + 0.2 → "0.3". */
export const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? signed(value) : String(Number(value.toPrecision(4)));

/** Years and other numbers of four digits stay as they are. */
const signed = (value: number): string => {
  const size = Math.abs(value);
  return `${value < 0 ? '-' : ''}${size < 10_000 ? String(size) : grouped(size)}`;
};

/** A share as a percentage that is never rounded to 0% or 100%. */
export function percent(part: number, all: number): string {
  const share = (100 * part) / all;
  if (share > 0 && share < 1) return 'less than 1%';
  return share > 99 && share < 100 ? 'more than 99%' : `${Math.round(share)}%`;
}

/** A cell's text in quotes, on one line and cut to a readable length. */
export function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return JSON.stringify(line.length > 32 ? `${line.slice(0, 31)}…` : line);
}

/** "a", "a and b", "a, b and c" */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
