import { isObject } from './options.ts';
import { aboutOf, allComponents, type ComponentKind, type EarlierNames } from './registry.ts';

/** A component, with the names that it and its options had in earlier versions. */
interface Renamed {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly formerly: EarlierNames;
}

/**
 * A document with the names of today: its specs are renamed as their definitions say in `formerly`. `parseJson` reads all documents so,
 * and a model, a checkpoint or a suite of an earlier version stays readable. All else stays as it is.
 *
 * @example withNamesOfToday({ kind: 'expert', name: 'sequence', config: { experts: [] } }) // … name: 'sequential' …
 */
export function withNamesOfToday(document: unknown): unknown {
  const renamed = renamedComponents();
  return walk(document, (spec) => {
    const found = renamed.find(
      ({ kind, name, formerly }) => kind === spec['kind'] && (name === spec['name'] || formerly.name === spec['name']),
    );
    return found && rename(spec, found.name, inverse(found.formerly.options));
  });
}

/**
 * A document with the first names of its components and options. Content keys are hashes of it, so a trial keeps its key when a
 * component gets another name.
 *
 * @example withFirstNames({ kind: 'expert', name: 'sequential', config: { experts: [] } }) // … name: 'sequence' …
 */
export function withFirstNames(document: unknown): unknown {
  const renamed = renamedComponents();
  return walk(document, (spec) => {
    const found = renamed.find(({ kind, name }) => kind === spec['kind'] && name === spec['name']);
    return found && rename(spec, found.formerly.name ?? found.name, found.formerly.options);
  });
}

const renamedComponents = (): Renamed[] =>
  allComponents().flatMap(({ kind, name }) => {
    const { formerly } = aboutOf(kind, name);
    return formerly ? [{ kind, name, formerly }] : [];
  });

const inverse = (names: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(names).map(([now, before]) => [before, now]));

type Members = Readonly<Record<string, unknown>>;

/** The spec with other names. An option under both names stays, and is refused as an unknown one. */
function rename(spec: Members, name: string, options: Readonly<Record<string, string>> = {}): Members {
  const config = spec['config'];
  const isTaken = (option: string) => Object.hasOwn(config as object, option);
  const nameOf = (option: string) => {
    const other = Object.hasOwn(options, option) ? options[option]! : option;
    return isTaken(other) ? option : other;
  };
  return isObject(config)
    ? {
        ...spec,
        name,
        config: Object.fromEntries(Object.entries(config).map(([option, value]) => [nameOf(option), value])),
      }
    : { ...spec, name };
}

/** The value with all specs in it renamed, the inner ones first. A part without a renamed spec is the same object. */
function walk(value: unknown, renamed: (spec: Members) => Members | undefined): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((part) => walk(part, renamed));
    return parts.every((part, i) => part === value[i]) ? value : parts;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, walk(part, renamed)] as const);
  const walked = entries.every(([name, part]) => part === value[name]) ? value : Object.fromEntries(entries);
  return renamed(walked) ?? walked;
}
