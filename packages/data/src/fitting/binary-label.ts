import type { BinaryTask } from '@polytask/core';
import { parseNumber } from '../columns/parse-number.ts';

/** 1, 0, or undefined for a text that is no label of this task. */
export function binaryLabel({ positive }: BinaryTask): (text: string) => 0 | 1 | undefined {
  if (positive === undefined) {
    return (text) => {
      const yes = text.toLowerCase();
      const number = parseNumber(text);
      if (yes === 'true' || number === 1) return 1;
      return yes === 'false' || number === 0 ? 0 : undefined;
    };
  }
  const values = typeof positive === 'object' ? positive : [positive];
  return (text) => (values.some((value) => matches(text, value)) ? 1 : 0);
}

/** A number is matched as a number, so that 1 is "1" and "1.0". */
export const matches = (text: string, value: string | number): boolean =>
  text === String(value) || (typeof value === 'number' && parseNumber(text) === value);

/** 1 for a number above the threshold, else 0; NaN where it is missing. */
export const aboveLabel = (value: number, above: number): number => (Number.isNaN(value) ? NaN : Number(value > above));
