import { EMPTY_CELL, type ColumnBuilder, type MissingMarkers } from './builder.ts';
import { Growing } from './growing.ts';
import { parseNumber } from './parse-number.ts';

/** A column of finite numbers; null, undefined, NaN and the markers are missing. */
export function numbersBuilder(missing: MissingMarkers = EMPTY_CELL): ColumnBuilder<Float64Array> {
  const values = new Growing((length) => new Float64Array(length));
  return {
    expected: 'a number',
    push(value) {
      const number = value === null || value === undefined || value === '' ? NaN : value;
      if (typeof number === 'boolean') values.push(Number(number));
      else if (typeof number === 'number' && Math.abs(number) !== Infinity) values.push(number);
      else return false;
      return true;
    },
    pushText(text) {
      const number = missing.has(text) ? NaN : parseNumber(text);
      if (Number.isNaN(number) && !missing.has(text)) return false;
      values.push(number);
      return true;
    },
    finish: () => values.toArray(),
  };
}
