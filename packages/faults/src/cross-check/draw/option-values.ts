import { checks, type ComponentKind, type Described, fits, type Option } from '@polytask/core';
import type { Dice } from './dice.ts';

/** What options of a configuration may name, and how its components are drawn. */
export interface OptionPlace {
  readonly dice: Dice;
  /** Names that options may take: those of features, say. */
  readonly names: readonly string[];
  /** Values that options may take, where they fit. Default: {@link VALUES}. */
  readonly values?: readonly unknown[];
  /** Draws a component that is an option of another one. Without it, such options are left out. */
  component?(kind: ComponentKind): unknown;
}

/** Options that name columns of a table: the data has those of the names of features and tasks. */
export const COLUMNS = ['from', 'columns', 'weightFrom', 'separator'];

/** The share of options that are given, of those that may be left out. */
const GIVEN = 0.4;

/** The options of a layer of TF.js, as its `getConfig()` gives them: without a place for a seed, its start would be random. */
const DENSE = {
  units: 4,
  activation: 'tanh',
  kernelInitializer: { className: 'GlorotUniform', config: { seed: null } },
};

export const VALUES: readonly unknown[] = [
  ...[true, false, 0, 0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2, 3, 4, 5, -0.1],
  ...['own', 'own+shared', 'all', 'balanced', 'yes'],
  ...[{ steps: 2 }, { epochs: 1 }, DENSE],
];

/** Draws values for options: for all that are required, and some of the others. */
export function drawOptions(options: Described, place: OptionPlace): Record<string, unknown> {
  const drawn = Object.entries(options).map(([name, option]) => {
    const isGiven = !COLUMNS.includes(name) && (!('optional' in option) || place.dice.chance(GIVEN));
    return [name, isGiven ? drawValue(option, place) : undefined] as const;
  });
  return Object.fromEntries(drawn.filter(([, value]) => value !== undefined));
}

/** Draws a value of an option; undefined where none is known. Of a number's default, fractions and multiples are drawn. */
export function drawValue(option: Option & { readonly fallback?: unknown }, place: OptionPlace): unknown {
  if (option.read === checks.anything.read) return undefined;
  const { shape = {}, fallback } = option;
  const { choice = [], list, object, either, component } = shape;
  const { dice, names, values = VALUES } = place;
  if (object) return drawOptions(object, place);
  if (component !== undefined) return place.component?.(component as ComponentKind);
  if (either) return drawValue({ ...dice.of(either), fallback }, place);
  const numbers = typeof fallback === 'number' ? [fallback, fallback / 2, fallback * 2] : [];
  const entries = list ? [1, 2, 3].map(() => drawValue(list.of, place)) : [];
  const lists = entries.map((_, i) => entries.slice(0, i + 1));
  const candidates = [choice, numbers, names, [...lists, ...values]].map((all: readonly unknown[]) =>
    all.filter((value) => fits(option, value)),
  );
  const fitting = candidates.find((all) => all.length > 0) ?? [];
  return fitting.length > 0 ? dice.of(fitting) : undefined;
}
