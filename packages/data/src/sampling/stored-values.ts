import { asText, ownText, textOf } from '../columns/values.ts';
import type { Stored } from './table-sample.ts';

/** The text of a list has so many entries. */
const MOST_ENTRIES = 50;
/** The text between the entries of a list. */
export const BETWEEN = '|';

/** A value as the readers would read it as text. */
export function textIn(value: unknown): string {
  const read = asText(value);
  const text = Array.isArray(read)
    ? read
        .slice(0, MOST_ENTRIES)
        .map((entry) => textOf(entry) ?? '')
        .join(BETWEEN)
    : (textOf(read) ?? '');
  return ownText(text);
}

/** Looks at all values of a column, to say how they are stored. */
export class Kinds {
  private numbers = true;
  private texts = true;
  private fractions = false;
  private widths = new Set<number>();
  private readonly lists: boolean;

  constructor(lists: boolean) {
    this.lists = lists;
  }

  add(value: unknown): void {
    const values = this.lists ? (Array.isArray(value) ? (value as unknown[]) : []) : [value];
    if (this.lists) this.widths.add(values.length);
    for (const each of values) {
      if (!this.lists && (each === null || each === undefined)) continue;
      if (!isNumber(each)) this.numbers = false;
      else if (!Number.isInteger(Number(each))) this.fractions = true;
      if (textOf(asText(each)) === undefined) this.texts = false;
    }
  }

  stored(): Stored {
    if (!this.texts) return 'others';
    if (!this.lists) return this.numbers ? 'numbers' : 'texts';
    const [width = 0] = this.widths;
    return this.numbers && this.fractions && this.widths.size === 1 ? { width } : 'lists';
  }
}

/** Whether a column of numbers reads a value: a number, or an integer that a double can hold. */
const isNumber = (value: unknown): boolean =>
  typeof value === 'bigint'
    ? BigInt(Number(value)) === value
    : typeof value === 'number' && value !== Infinity && value !== -Infinity;
