import { fail, suggestion, shown } from '../errors/errors.ts';
import { activation, type Activation } from '../layers/activations.ts';
import { checkOptions, type Check, type Options } from './options.ts';
import { checkSpec, type ComponentKind } from './registry.ts';

/** Allows undefined. Options without `optional` are required. */
export const optional =
  (check: Check): Check =>
  (value, where) => {
    if (value !== undefined) check(value, where);
  };

/**
 * A finite number for which `fits` is true.
 *
 * @param what the allowed numbers in words, for the error message
 */
export const number =
  (what: string, fits: (value: number) => boolean): Check =>
  (value, where) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || !fits(value)) {
      fail({ expected: `${what} for ${where}`, received: shown(value), mend: 'Give it such a number.' });
    }
  };

/** A whole number, `least` or more. */
export const wholeNumber = (least = 0): Check =>
  number(`a whole number, ${least} or more,`, (value) => Number.isSafeInteger(value) && value >= least);

/** True or false. */
export const flag: Check = (value, where) => {
  if (typeof value !== 'boolean') {
    fail({ expected: `true or false for ${where}`, received: shown(value), mend: 'Pass one of the two.' });
  }
};

/** A string that isn't empty, such as the name of a task or feature. */
export const text: Check = (value, where) => {
  if (typeof value === 'string' && value !== '') return;
  fail({ expected: `a name for ${where}`, received: shown(value), mend: 'Give it some text.' });
};

/** One of these strings. */
export const oneOf =
  (...names: readonly string[]): Check =>
  (value, where) => {
    if (names.some((name) => name === value)) return;
    fail({
      expected: `one of ${names.map((name) => `"${name}"`).join(', ')} for ${where}`,
      received: shown(value),
      mend: suggestion(value, names),
    });
  };

/** The name of an activation. */
export const activationName: Check = (value) => void activation(value as Activation);

/** A list of at least `least` entries, each of which passes the check. */
export const listOf =
  (check: Check, least = 0): Check =>
  (value, where) => {
    if (!Array.isArray(value) || value.length < least) {
      fail({
        expected: `a list${least > 0 ? ` of ${least} or more` : ''} for ${where}`,
        received: shown(value),
        mend: least > 0 ? `Give it ${least === 1 ? 'an entry' : `${least} entries`}.` : 'Pass [] for none.',
      });
    }
    value.forEach((entry, i) => check(entry, `${where}[${i}]`));
  };

/** An object with these options, such as the configuration of a level. */
export const shaped =
  <C>(options: Options<C>): Check =>
  (value, where) =>
    checkOptions(value, options, where);

/** A spec of this kind, as `mlp([64])` and `softmaxGate()` return them. */
export const component =
  (kind: ComponentKind): Check =>
  (value, where) =>
    checkSpec(kind, value, where);

/** The experts of a level: one spec, or a list of specs that a unit's experts take in turn. */
export const expertSpecs: Check = (value, where) => {
  if (Array.isArray(value)) listOf(component('expert'), 1)(value, where);
  else checkSpec('expert', value, where);
};
