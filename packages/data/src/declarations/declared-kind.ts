import {
  aboutOf,
  optionsOf,
  readOptions,
  PolytaskError,
  registered,
  declareFeature,
  declaringOf,
  featureKind,
  type Feature,
  type DeclaredFeature,
  type FeatureFit,
  type Options,
} from '@polytask/core';
import { type ColumnRows, type Need, columnIn } from '../columns/columns.ts';
import { countCodes, type Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';

/** The options of a declaration, without its kind. */
export type OptionsOf<D extends DeclaredFeature> = Omit<D, 'kind'>;

/** How a kind of feature is declared, which columns it reads, and how it is fitted. */
export interface DeclaredKind<D extends DeclaredFeature = DeclaredFeature> {
  /** The name of the function that declares it, for messages. */
  readonly name: string;
  /** One line, for lists. */
  readonly description: string;
  readonly options: Options<OptionsOf<D>>;
  /** Checks options together. */
  readonly check?: (declared: D, where: string) => void;
  /** The declaration's options from those that were given. Default: these. */
  readonly complete?: (given: OptionsOf<D>, where: string) => OptionsOf<D>;
  /** The kinds that the option `values` can have. */
  readonly values?: Readonly<Record<string, DeclaredKind>>;
  readonly needs: (name: string, declared: D) => readonly Need[];
  /** The declaration of its ids, with its default; undefined where they have no vocabulary. */
  readonly ids?: (declared: D) => DeclaredFeature | undefined;
  /** The scale of its numbers, for the guards: undefined where they are used as they are. */
  readonly scale?: (declared: D) => ((value: number) => number) | undefined;
  readonly fitter: (name: string, declared: D, vocabularies: Vocabularies) => Fitter<Feature>;
  /** The options that read a fitted feature from the column of its name. */
  readonly declare: (feature: Feature) => OptionsOf<D>;
}

export function declared<D extends DeclaredFeature>(
  kind: D['kind'],
  { name, options, check, complete }: DeclaredKind<D>,
  given: OptionsOf<D> = {} as OptionsOf<D>,
  where = name,
): D {
  readOptions(given, options, where);
  const declaration = { kind, ...(complete?.(given, where) ?? given) } as D;
  check?.(declaration, where);
  return declaration;
}

/** A kind that a package has defined with core's `defineFeature`; undefined for other kinds. */
export function definedKind(kind: unknown): DeclaredKind | undefined {
  if (typeof kind !== 'string' || !registered('feature').includes(kind)) return undefined;
  const declaring = declaringOf(kind);
  if (!declaring) return undefined;
  const { cell = 'text' } = featureKind(kind);
  return {
    name: kind,
    description: aboutOf('feature', kind).description ?? '',
    get options() {
      return optionsOf('feature', kind) as DeclaredKind['options'];
    },
    check: ({ kind: _, ...given }, where) => void declareFeature(kind, given, where),
    needs: (name, { from: column = name, ...declaration }) =>
      declaring.reads?.(declaration) ? [] : [{ kind: cell === 'number' ? 'numbers' : 'texts', key: column, column }],
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

/** Names the row and the column of an error. */
export function inCell(table: ColumnRows, row: number, column: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    throw new PolytaskError(`In ${table.where(row)}, column "${column}": ${error.message}`, { cause: error });
  }
}
