import { checks, fail, PolytaskError, type Check } from '@polytask/core';
import { suiteChoices } from '@polytask/study';
import { InvalidArgumentError } from 'commander';

/** A parser for commander: what it refuses is a usage error with its own words. */
export const argument =
  <V>(parse: (text: string) => V) =>
  (text: string): V => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof PolytaskError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

/** `12`; `least` or more. */
export const count =
  (option: string, least = 1) =>
  (text: string): number =>
    checked(checks.wholeNumber(least), numberOf(text), option);

/** `0.001` or `1e-3` */
export const positive =
  (option: string) =>
  (text: string): number =>
    checked(suiteChoices.learningRate, numberOf(text), option);

/** `5` is seeds 1 to 5, `3,7` a list, `6-10` a range. */
export function seeds(text: string): readonly number[] {
  const range = /^(\d+)-(\d+)$/.exec(text.trim());
  if (range) return checked(suiteChoices.seeds, span(Number(range[1]), Number(range[2])), '--seeds');
  if (/^\s*\d+(\s*,\s*\d+)+\s*$/.test(text)) return checked(suiteChoices.seeds, text.split(',').map(Number), '--seeds');
  if (/^\s*[1-9]\d*\s*$/.test(text)) return span(1, Number(text));
  return fail({
    expected: 'how many seeds (5), a list of them (1,2,3), or a range (6-10)',
    received: `"${text}"`,
    mend: 'Pass --seeds 5, for example.',
  });
}

/** `a,b` → the rows of these names. */
export const list =
  <R>(rowOf: (name: string) => R) =>
  (text: string): R[] =>
    text.split(',').map((name) => rowOf(name.trim()));

/** The number, or the text that isn't one; `Number('')` would be 0. */
const numberOf = (text: string): number | string =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** The value once the check has let it through, as what the check stands for. */
function checked<V>(check: Check, value: unknown, option: string): V {
  check(value, option);
  return value as V;
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
