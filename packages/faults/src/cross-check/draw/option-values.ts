import { type Check, type ComponentKind, fits } from '@polytask/core';
import { optionTypes } from '@polytask/core/internal';
import type { Dice } from './dice.ts';

/** What options of a configuration may name, and how its components are drawn. */
export interface OptionPlace {
  readonly dice: Dice;
  /** Names that options may take: those of features, say. */
  readonly names: readonly string[];
  /** Values that options may take. Which ones, their checks say. Default: {@link VALUES}. */
  readonly values?: readonly unknown[];
  /** Draws a component that is an option of another one. */
  component(kind: ComponentKind): unknown;
}

/** The parts of a check that `listOf` and `shaped` leave on it. */
interface Parts {
  readonly entry?: Check;
  readonly fields?: Checks;
}
type Checks = Readonly<Record<string, Check>>;

/** Options that name columns of a table: the data has those of the names of features and tasks. */
export const COLUMNS = ['from', 'columns', 'weightFrom', 'separator'];

/** The share of options that are given, of those that may be left out. */
const GIVEN = 0.4;

/** The kinds of component that an option can be. */
const KINDS: readonly ComponentKind[] = ['expert', 'gate', 'network', 'input', 'balancer', 'schedule'];

/** The options of a layer of TF.js, as its `getConfig()` gives them: without a place for a seed, its start would be random. */
const DENSE = {
  units: 4,
  activation: 'tanh',
  kernelInitializer: { className: 'GlorotUniform', config: { seed: null } },
};

/** Values that some option takes. */
export const VALUES: readonly unknown[] = [
  ...[true, false, 0, 0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2, 3, 4, 5, -0.1],
  ...['relu', 'leakyRelu', 'elu', 'gelu', 'swish', 'sigmoid', 'tanh', 'softplus', 'linear'],
  ...['own', 'own+shared', 'all', 'balanced', 'yes'],
  ...[{ steps: 2 }, { epochs: 1 }, DENSE],
];

/** An option that takes any value, of which nothing is known. */
const NOTHING = Symbol('nothing');

/**
 * Draws values for the options of a component: all that are required, and some of the others.
 *
 * @param defaults numbers of which fractions and multiples are drawn
 */
export function drawOptions(
  options: Checks,
  place: OptionPlace,
  defaults: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const drawn = Object.entries(options).map(([name, check]) => {
    const isGiven = !COLUMNS.includes(name) && (!fits(check, undefined) || place.dice.chance(GIVEN));
    return [name, isGiven ? drawValue(check, place, defaults[name]) : undefined] as const;
  });
  return Object.fromEntries(drawn.filter(([, value]) => value !== undefined));
}

/** Draws a value that passes a check; undefined where none is known. @param usual the option's default */
export function drawValue(check: Check, place: OptionPlace, usual?: unknown): unknown {
  if (fits(check, NOTHING)) return undefined;
  const { dice, names, values = VALUES } = place;
  const { entry, fields } = check as Check & Parts;
  if (fields) return drawOptions(fields, place);
  const kind = fits(check, {}) ? undefined : KINDS.find((each) => fits(check, { kind: each, name: '', config: {} }));
  if (kind) return place.component(kind);
  if (entry) {
    const list = [1, 2, 3].map(() => drawValue(entry, place));
    const lists = [list.slice(0, 1), list.slice(0, 2), list, ...values.filter((each) => Array.isArray(each))];
    const fitting = lists.filter((each) => fits(check, each));
    return fitting.length > 0 ? dice.of(fitting) : undefined;
  }
  const numbers = typeof usual === 'number' ? [usual, usual / 2, usual * 2] : [];
  const candidates = [wordsOf(check), numbers, names, values].map((all) => all.filter((value) => fits(check, value)));
  const fitting = candidates.find((all) => all.length > 0) ?? [];
  return fitting.length > 0 ? dice.of(fitting) : undefined;
}

/** The words that a check takes, from its error: `one of "mean", "sum"`. */
const wordsOf = (check: Check): string[] =>
  [...optionTypes({ option: check })[0]!.type.matchAll(/"([^"]*)"/g)].map(([, word]) => word!);
