import {
  aboutOf,
  custom,
  optionsOf,
  optional,
  type Option,
  readOptions,
  type Shape,
  text,
  notKnown,
} from '@polytask/components';
import {
  PolytaskError,
  registered,
  type DeclaredFeature,
  type Described,
  type Feature,
  type FeatureFit,
  declareFeature,
  declaringOf,
  featureKind,
} from '@polytask/core';
import { type ColumnRows, type Need, columnIn, needOf } from '../columns/columns.ts';
import { countCodes, type Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';

/** How a kind of feature is declared, which columns it reads, and how it is fitted. */
export interface DeclaredKind<D extends DeclaredFeature = DeclaredFeature> {
  readonly description: string;
  readonly options: Described;
  /** Declares a feature. Default: its options as they are read. */
  readonly declared?: (given: object, where: string) => D;
  readonly check?: ((declared: D, where: string) => void) | undefined;
  readonly needs: (name: string, declared: D) => readonly Need[];
  /** The declaration of its ids, with its default; undefined where they have no vocabulary. */
  readonly ids?: (declared: D) => DeclaredFeature | undefined;
  /** The scale of its numbers, for the guards: undefined where they are used as they are. */
  readonly scale?: (declared: D) => ((value: number) => number) | undefined;
  readonly fitter: (name: string, declared: D, vocabularies: Vocabularies) => Fitter<Feature>;
  /** The options that read a fitted feature from the column of its name. Default: none. */
  readonly declare?: (feature: Feature) => object;
}

export type Kinds = Readonly<Record<string, DeclaredKind>>;

/** The option of every kind with a column of its own: its name. */
export const from = optional(text);

export function declared<D extends DeclaredFeature>(
  kind: D['kind'],
  definition: DeclaredKind<D>,
  given: object = {},
  where = kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
): D {
  if (definition.declared) return definition.declared(given, where);
  const declaration = { kind, ...readOptions(given, definition.options, where) } as D;
  definition.check?.(declaration, where);
  return declaration;
}

/** An option whose value has a kind: an object, or its kind alone if it has no options, such as `"numeric"`. */
export const ofKind = <E, T>(
  kinds: () => Readonly<Record<string, E>>,
  read: (kind: string, entry: E, options: object, where: string) => T,
  shape: Shape,
): Option<T> =>
  custom((value, where) => {
    const { kind, ...options } = (typeof value === 'string' ? { kind: value } : { ...Object(value) }) as {
      kind?: unknown;
    };
    const all = kinds();
    if (typeof kind === 'string' && Object.hasOwn(all, kind)) return read(kind, all[kind]!, options, where);
    return notKnown(kind ?? value, Object.keys(all), `a kind for ${where}`);
  }, shape);

export const declarationOfKind = <D extends DeclaredFeature>(kinds: () => Kinds): Option<D> =>
  ofKind(kinds, (kind, entry, options, where) => declared(kind, entry, options, where) as D, {
    definition: 'feature',
    words: 'a kind of feature, or an object with its options',
  });

/** A kind that a package has defined with core's `defineFeature`; undefined for other kinds. */
export function definedKind(kind: string): DeclaredKind | undefined {
  const declaring = registered('feature').includes(kind) ? declaringOf(kind) : undefined;
  if (!declaring) return undefined;
  const { cell = 'text' } = featureKind(kind);
  return {
    description: aboutOf('feature', kind).description ?? '',
    get options() {
      return optionsOf('feature', kind)!;
    },
    declared: (given, where) => declareFeature(kind, given, where),
    needs: (name, { from: column = name, ...declaration }) =>
      declaring.reads?.(declaration) ? [] : [needOf(cell === 'number' ? 'numbers' : 'texts', column)],
    fitter: (name, declaration) => valuesFitter(declaration.from ?? name, cell, declaring.fit(declaration)),
    declare: (feature) => declaring.declare?.(feature) ?? {},
  };
}

/** Fits value by value: numbers row by row, each text once for all its rows. */
function valuesFitter(column: string, cell: 'number' | 'text', { add, finish }: FeatureFit<Feature>): Fitter<Feature> {
  if (!add) return { add() {}, finish };
  return {
    add(table, rows) {
      if (cell === 'number') {
        const numbers = columnIn(table, 'numbers', column);
        for (let i = 0; i < rows.length; i++) {
          const value = numbers[rows[i]!]!;
          if (!Number.isNaN(value)) inCell(table, rows[i]!, column, () => add(value, 1));
        }
        return;
      }
      const texts = columnIn(table, 'texts', column);
      countCodes(texts, rows).forEach((count, code) => {
        if (count > 0) inCell(table, texts.codes.indexOf(code), column, () => add(texts.dictionary[code]!, count));
      });
    },
    finish,
  };
}

export function inCell(table: ColumnRows, row: number, column: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    throw new PolytaskError(`In ${table.where(row)}, column "${column}": ${error.message}`, { cause: error });
  }
}
