import { checkOptions, checks, fail, type Options } from '@polytask/core';
import { anything, fraction, oneOrMore, ofKind, text } from './json-checks.ts';

const { number, optional } = checks;
const whole = optional(number('a whole number', Number.isSafeInteger));

/** How the rows of one source are shared out. */
export type DatasetSplit =
  /** At random; rows with the same value of `by` stay in one part. */
  | {
      readonly kind: 'random';
      readonly validation?: number;
      readonly test?: number;
      readonly seed?: number;
      readonly by?: string;
    }
  /** By the value of a column: these are for validation, those for the test, all others to train on. */
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly validation?: string | readonly string[];
      readonly test?: string | readonly string[];
    }
  /** By time: the latest fraction is for the test, the one before it for validation. Rows of one time stay together. */
  | { readonly kind: 'time'; readonly column: string; readonly validation?: number; readonly test?: number };

const KINDS: { readonly [K in DatasetSplit['kind']]: Options<object> } = {
  random: {
    kind: anything,
    validation: optional(fraction),
    test: optional(fraction),
    seed: whole,
    by: optional(text),
  } as Options<object>,
  column: {
    kind: anything,
    column: text,
    validation: optional(oneOrMore),
    test: optional(oneOrMore),
  } as Options<object>,
  time: { kind: anything, column: text, validation: optional(fraction), test: optional(fraction) } as Options<object>,
};

export function describedSplit(value: unknown, where: string): DatasetSplit {
  const { entry, description } = ofKind(value, KINDS, where);
  checkOptions(description, entry, where);
  const split = description as DatasetSplit;
  if (split.kind !== 'column' && (split.validation ?? 0) + (split.test ?? 0) >= 1) {
    fail({
      expected: `validation and test of ${where} to leave rows to train on`,
      received: `${split.validation} and ${split.test}`,
      mend: 'Write 0.1 for a tenth.',
    });
  }
  return split;
}
