import { checks, type Options } from '@polytask/core';
import { string, strings, text } from '../options/checks.ts';
import type { CsvFileOptions, CsvOptions } from './csv-options.ts';

const { flag, oneOf, optional, wholeNumber } = checks;

/** A check for each option of a CSV text. What delimiters and comments can be, its reader says. */
export const CSV_OPTIONS: Options<CsvOptions> = {
  delimiter: optional(string),
  header: optional(strings),
  skip: optional(wholeNumber()),
  comment: optional(string),
  trim: optional(flag),
  missing: optional(strings),
  name: optional(text),
};

/** The same of a CSV file. */
export const CSV_FILE_OPTIONS: Options<CsvFileOptions> = {
  ...CSV_OPTIONS,
  compression: optional(oneOf('gzip', 'brotli', 'none')),
  encoding: optional(text),
};
