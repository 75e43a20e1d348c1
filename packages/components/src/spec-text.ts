import { fail, suggestion } from './errors.ts';
import { aboutOf, type ComponentKind, createSpec, isCalled, registered, type Spec, standardName } from './registry.ts';

export interface Chosen<R> {
  readonly entry: R;
  readonly options: Readonly<Record<string, unknown>>;
  /** The canonical text: the entry's name, and its options by name. */
  readonly label: string;
}

/**
 * Finds an entry by its name, which may have options behind it: `gradnorm(alpha=0.5)`. Values are JSON, or words without quotes.
 *
 * @throws PolytaskError for an unknown name, with the nearest known one, and for options that can't be read
 * @example choose(balancers(), 'gradnorm( alpha = 0.50 )', 'balancer').label // gradnorm(alpha=0.5)
 */
export function choose<R extends Pick<NamedEntry, 'name' | 'also'>>(
  entries: readonly R[],
  text: string,
  noun: string,
): Chosen<R> {
  const { name, options } = readText(text);
  const entry = findEntry(entries, name, noun);
  return { entry, options, label: specText(entry.name, options) };
}

/**
 * The spec of the component that a text names, which may have options behind it: `sqlite(table=orders)`.
 *
 * @throws PolytaskError for an unknown name or option, and a value that doesn't fit
 * @example specNamed('balancer', 'gradnorm(alpha=0.5)').config // { alpha: 0.5, … }
 */
export function specNamed<K extends ComponentKind>(kind: K, text: string): Spec<K, object> {
  const { name, options } = readText(text);
  return createSpec(kind, standardName(kind, name), options);
}

/** A name with options, as {@link choose} reads it: sorted by name, without spaces. */
export function specText(name: string, options: Readonly<Record<string, unknown>>): string {
  const values = Object.keys(options)
    .sort()
    .map((key) => `${key}=${valueText(options[key])}`);
  return values.length === 0 ? name : `${name}(${values.join(',')})`;
}

/** The spec with other options. @throws PolytaskError for an unknown option, and a value that doesn't fit */
export const withOptions = <K extends ComponentKind, C>(spec: Spec<K, C>, options: object): Spec<K, C> =>
  Object.keys(options).length === 0
    ? spec
    : (createSpec(spec.kind, spec.name, { ...(spec.config as object), ...options }) as Spec<K, C>);

/** The entries of a list, with commas between them: `mlp(dropout=0.1,norm=batch),swiglu` has two. */
export function splitList(text: string): string[] {
  const entries = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^]/g)) {
    if ('([{'.includes(token)) depth++;
    if (')]}'.includes(token)) depth--;
    if (token === ',' && depth <= 0) entries.push('');
    else entries[entries.length - 1] += token;
  }
  return entries.map((entry) => entry.trim());
}

/** The rows without repetitions. */
export const unique = <R extends NamedEntry>(rows: readonly R[]): R[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
];

/** Splits a text such as `gradnorm(alpha=0.5)` into a name and options, without looking the name up. @throws PolytaskError for other text */
export function readText(text: string): { readonly name: string; readonly options: Readonly<Record<string, unknown>> } {
  const [, name, inside] = /^([^(]+)\(([^]*)\)$/.exec(text.trim()) ?? [];
  if (name === undefined || inside === undefined) {
    if (text.includes('(')) malformed(`"${text}"`, text.slice(0, text.indexOf('(')));
    return { name: text, options: {} };
  }
  const options: Record<string, unknown> = {};
  for (const entry of inside.trim() === '' ? [] : splitList(inside)) {
    const [, key, value] = /^([\w-]+)\s*=\s*([^]+)$/.exec(entry) ?? [];
    if (key === undefined || value === undefined) malformed(`"${entry}" in "${text}"`, name);
    if (Object.hasOwn(options, key)) {
      fail({ expected: `each option once in "${text}"`, received: `${key} twice`, fix: 'Leave one out.' });
    }
    options[key] = valueOf(value, key);
  }
  return { name: name.trim(), options };
}

function malformed(received: string, name: string): never {
  fail({
    expected: 'a name, or a name with options',
    received,
    fix: `Write ${name.trim() || 'name'}(option=value), with commas between options, and the whole in single quotes for a shell.`,
  });
}

const WORD = /^[\w@./+-]+$/;

/** A value: JSON, a word, or a list of words. */
function valueOf(text: string, name: string): unknown {
  const parsed = jsonOf(text);
  if (parsed !== undefined) return parsed;
  if (WORD.test(text)) return text;
  if (/^\[[^]*\]$/.test(text)) return splitList(text.slice(1, -1)).map((entry) => valueOf(entry, name));
  return fail({
    expected: `JSON or a word for ${name}`,
    received: text,
    fix: `Write texts with other signs in double quotes, and lists in brackets: ${name}=["a b",1].`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const valueText = (value: unknown): string =>
  typeof value === 'string' && WORD.test(value) && jsonOf(value) === undefined ? value : JSON.stringify(value);

/** An entry of a registry that users choose from by name. */
export interface NamedEntry {
  readonly name: string;
  readonly description: string;
  /** Other names that find the entry, such as the abbreviation of its paper. */
  readonly also?: readonly string[];
}

/** Finds an entry by its name, or one that it is also known by. @throws PolytaskError with the nearest known name */
export function findEntry<R extends Pick<NamedEntry, 'name' | 'also'>>(
  entries: readonly R[],
  name: string,
  noun: string,
): R {
  const entry = entries.find((each) => each.name === name) ?? entries.find((each) => isCalled(each, name));
  if (entry) return entry;
  const names = entries.map((each) => each.name);
  const kind = noun === 'model' ? 'network' : (noun as ComponentKind);
  const variants = Object.keys(aboutOf(kind, name).variants ?? {});
  if (registered(kind).includes(name) && variants.length === 0) {
    fail({
      expected: `\`variant\` in the definition of ${noun} "${name}", which says what a comparison builds of it`,
      received: 'none',
      fix: `docs/components.md has the variant of each kind: "Let it take part in comparisons". Known: ${names.join(', ')}.`,
    });
  }
  const fix = variants.length > 0 ? `Did you mean "${variants.join('", "')}"?` : suggestion(name, names);
  return fail({
    expected: `a known ${noun}`,
    received: `"${name}"`,
    fix: fix.startsWith('Known') ? fix : `${fix} Known: ${names.join(', ')}.`,
  });
}
