import { type JsonSchema, jsonSchema, mapValues, optionsOf, type OptionType, optionTypes } from '@polytask/components';
import { createRequire } from 'node:module';
import {
  aboutOf,
  type ComponentKind,
  type ComponentName,
  fits,
  type Described,
  registered,
  variantsOf,
} from '@polytask/core';
import { featureOptions } from '@polytask/data';

/** The documentation of options by kind, name and option. `npm run write-options` writes it from their docstrings. */
type OptionTexts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export const optionTexts = (): OptionTexts => createRequire(import.meta.url)('#option-texts') as OptionTexts;

/** An option of a component, as lists and tables show it. */
export interface ComponentOption extends Omit<OptionType, 'default'> {
  readonly description: string;
  /** The value, or in words what is taken. Undefined: the option is required, or nothing is done without it. */
  readonly default?: string;
}

/** The component that a comparison calls by a name: `mgda@representation` is `mgda`. Undefined for an unknown name. */
export function componentNamed(kind: ComponentKind, name: string): string | undefined {
  const [plain = name] = name.split('@');
  return variantsOf(kind).find((each) => each.name === plain)?.component ?? registered(kind).find((it) => it === plain);
}

/**
 * The options of a component. Names, types and whether they are required come from its checks, descriptions from its documentation.
 *
 * @example optionsOfComponent({ kind: 'loss', name: 'huber' })[0]?.type // a number above 0
 */
export function optionsOfComponent({ kind, name }: ComponentName): ComponentOption[] {
  const help = textsOf({ kind, name });
  return optionTypes(descriptionOf(kind, name)).map(({ default: filled, ...option }) => {
    const { description, stated } = dividedText(help[option.name] ?? '');
    const value = filled === undefined ? stated : typeof filled === 'number' ? String(filled) : `\`${textOf(filled)}\``;
    return { ...option, description, ...(value !== undefined && { default: value }) };
  });
}

/** The JSON Schema of a component's configuration. Components in it are references to `#/$defs/KIND`. */
export const schemaOfComponent = ({ kind, name }: ComponentName): JsonSchema =>
  jsonSchema(descriptionOf(kind, name), textsOf({ kind, name }));

/** The texts of a component's options. One from outside has those of the options that its kind adds, such as `learningRate`. */
function textsOf({ kind, name }: ComponentName): Readonly<Record<string, string>> {
  const { [name]: own, ...others } = optionTexts()[kind] ?? {};
  const names = Object.keys(others);
  const common = mapValues(descriptionOf(kind, name), (option, key) => {
    const known = (other: string) => descriptionOf(kind, other)[key];
    const isOfAll = names.every((other) => known(other)?.read === option.read); // with defaults of their own
    const from = isOfAll ? names[0] : names.find((other) => known(other) === option);
    return (from && others[from]![key]) ?? '';
  });
  return { ...common, ...own, ...aboutOf(kind, name).help };
}

/** An option with a value that it takes, for an example. Undefined if none takes a simple value. */
export function exampleOf(component: ComponentName): Readonly<Record<string, unknown>> | undefined {
  const checks = descriptionOf(component.kind, component.name);
  const options = optionsOfComponent(component).filter(({ name }) => Object.hasOwn(checks, name));
  for (const { name, type, default: stated = '' } of options.toSorted(
    (a, b) => Number(a.required) - Number(b.required),
  )) {
    const [given = ''] = /[^\s,:`]+/.exec(stated) ?? [];
    const words = [...type.matchAll(/"([^"]*)"/g)].map(([, word]) => word!);
    const choices: unknown[] = [...words, true, false].filter((choice) => String(choice) !== given);
    const value = [...choices, Number(given || NaN), given || undefined, 1, 0.5, 2].find(
      (each) => each !== undefined && fits(checks[name]!, each),
    );
    if (value !== undefined) return { [name]: value };
  }
  return undefined;
}

/** A default: that of a component is its name. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { name } = Object(value) as { readonly name?: unknown };
  return typeof name === 'string' ? `${name}()` : JSON.stringify(value);
}

const descriptionOf = (kind: ComponentKind, name: string): Described =>
  kind === 'feature' ? featureOptions(name) : (optionsOf(kind, name) ?? {});

/** A docstring without the sentence that begins with "Default", and what it says. `x` (default) says it, too. */
function dividedText(text: string): { readonly description: string; readonly stated?: string } {
  const [sentence, stated] = /(?<=^|\. |\)\. )Default:? ((?:[^.]|\.(?=\S))+)\.(?: |$)/.exec(text) ?? [];
  if (sentence !== undefined) return { description: text.replace(sentence, '').trim(), stated: stated! };
  const [, marked] = /(`[^`]+`)(?: \(|, )default\b/.exec(text) ?? [];
  return { description: text, ...(marked !== undefined && { stated: marked }) };
}
