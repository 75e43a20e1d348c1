import { EMPTY_CELL, type MissingMarkers } from './builder.ts';

/** Gives each text a number, from 0 on in the order of first sight. Missing markers are −1. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly codes: Map<string, number>;

  constructor(missing: MissingMarkers = EMPTY_CELL) {
    this.codes = new Map([...missing].map((marker) => [marker, -1]));
  }

  codeOf(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    const own = detached(text);
    this.codes.set(own, this.texts.length);
    return this.texts.push(own) - 1;
  }
}

/** A copy: a string cut out of a piece of a file would keep that whole piece in memory. */
const detached = (text: string): string => ` ${text}`.slice(1);

/** The text of a categorical value, as core's encoder reads it; '' where it is missing, undefined for what is none. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
