import { isObject } from './options.ts';
import { mapValues } from './records.ts';
import { aboutOf, type ComponentKind } from './registry.ts';

/**
 * A document with the first names of its components and options, which their definitions have in `formerly`. Content keys are hashes of
 * it, so a trial keeps its key when a component gets another name.
 *
 * @example withFirstNames({ kind: 'expert', name: 'sequential', config: { experts: [] } }) // … name: 'sequence' …
 */
export function withFirstNames(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(withFirstNames);
  if (!isObject(document)) return document;
  const walked: Readonly<Record<string, unknown>> = mapValues(
    document as Readonly<Record<string, unknown>>,
    withFirstNames,
  );
  const { kind, name, config } = walked;
  if (typeof kind !== 'string' || typeof name !== 'string') return walked;
  const { formerly } = aboutOf(kind as ComponentKind, name);
  if (!formerly) return walked;
  return {
    ...walked,
    name: formerly.name ?? name,
    ...(isObject(config) && { config: withNames(config, formerly.options ?? {}) }),
  };
}

/** A configuration with other names of options. An option under both names stays. */
function withNames(config: object, names: Readonly<Record<string, string>>): object {
  const nameOf = (option: string) => {
    const other = Object.hasOwn(names, option) ? names[option]! : option;
    return Object.hasOwn(config, other) ? option : other;
  };
  return Object.fromEntries(Object.entries(config).map(([option, value]) => [nameOf(option), value]));
}
