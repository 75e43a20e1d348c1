import { isObject } from './options.ts';
import { mapValues } from './records.ts';
import { aboutOf, allComponents, type EarlierNames } from './registry.ts';

/** For a kind and name in a document: the name to write, and the names of options to write for those that are there. */
type Renaming = readonly [kind: string, name: string, written: string, options: Readonly<Record<string, string>>];

/**
 * A document with the names of today: its specs are renamed as their definitions say in `formerly`. `parseJson` reads all documents so,
 * and a model, a checkpoint or a suite of an earlier version stays readable. All else stays as it is.
 *
 * @example withNamesOfToday({ kind: 'expert', name: 'sequence', config: { experts: [] } }) // … name: 'sequential' …
 */
export const withNamesOfToday = (document: unknown): unknown =>
  renamed(document, (kind, name, { name: before = name, options = {} }) => {
    const today = Object.fromEntries(Object.entries(options).map(([now, then]) => [then, now]));
    return [name, before].map((each) => [kind, each, name, today]);
  });

/**
 * A document with the first names of its components and options. Content keys are hashes of it, so a trial keeps its key when a
 * component gets another name.
 *
 * @example withFirstNames({ kind: 'expert', name: 'sequential', config: { experts: [] } }) // … name: 'sequence' …
 */
export const withFirstNames = (document: unknown): unknown =>
  renamed(document, (kind, name, { name: first = name, options = {} }) => [[kind, name, first, options]]);

/** A document with other names, in which the inner specs are renamed first. @param namesOf of a component that had other names */
function renamed(
  document: unknown,
  namesOf: (kind: string, name: string, formerly: EarlierNames) => readonly Renaming[],
): unknown {
  const names = allComponents().flatMap(({ kind, name }) => {
    const { formerly } = aboutOf(kind, name);
    return formerly ? namesOf(kind, name, formerly) : [];
  });
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const walked: Readonly<Record<string, unknown>> = mapValues(value as Readonly<Record<string, unknown>>, walk);
    const found = names.find(([kind, name]) => kind === walked['kind'] && name === walked['name']);
    if (!found) return walked;
    const [, , name, options] = found;
    const { config } = walked;
    return { ...walked, name, ...(isObject(config) && { config: withOptions(config, options) }) };
  };
  return walk(document);
}

/** A configuration with other names of options. An option under both names stays, and is refused as an unknown one. */
function withOptions(config: object, names: Readonly<Record<string, string>>): object {
  const nameOf = (option: string) => {
    const other = Object.hasOwn(names, option) ? names[option]! : option;
    return Object.hasOwn(config, other) ? option : other;
  };
  return Object.fromEntries(Object.entries(config).map(([option, value]) => [nameOf(option), value]));
}
