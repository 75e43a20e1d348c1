import {
  anything,
  type ComponentKind,
  custom,
  type Filled,
  flag,
  type Lackable,
  mapValues,
  type Option,
  optional,
  PolytaskError,
  type Read,
  readText,
  type Richer,
  type Shape,
  splitList,
  standardName,
  type WrittenValue,
} from '@polytask/components';
import type { ReportDocument } from '@polytask/study';
import { Argument, Command as Commander, Option as CommanderOption } from 'commander';
import { type Invocation, textOptions } from './io.ts';

export interface Shown {
  readonly words: string;
  /** What stands for its value, such as `<n>`. Without one, it is a switch. */
  readonly place?: string;
  readonly group?: string;
  /** An environment variable that may have the value. */
  readonly env?: string;
  /** Its value without one, where the value may be left out: `[of]`. */
  readonly preset?: string;
  /** Whether it is `--no-NAME`, which switches off: false, or not given. */
  readonly isNegated?: boolean;
  readonly isRepeated?: boolean;
  readonly isArgument?: boolean;
}

export interface CommandOption<T = unknown> extends Option<T>, Shown {
  /** Loads its check, which isn't needed for the help. */
  readonly load?: () => Promise<Option>;
}

/** The options of a command by name: `limitRows` is `--limit-rows`. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** An option with a value. @param place what stands for the value, such as `<n>` */
export const required = <F extends Option>(place: string, words: string, check: F): F & Shown => ({
  ...check,
  ...{ place, words },
});

export function option<F extends Option>(place: string, words: string, check: F): F & Lackable & Shown;
export function option<F extends Option>(
  place: string,
  words: string,
  check: F,
  fallback: WrittenValue<F>,
): F & Filled & Shown;
export function option(place: string, words: string, check: Option, fallback?: unknown): Option & Lackable & Shown {
  return required(place, words, fallback === undefined ? optional(check) : optional(check, fallback));
}

/** A check that makes a value of the text of an option. @param read throws a PolytaskError for a text that doesn't fit */
export const fromText = <T>(read: (text: string) => T): Richer<T, string> =>
  custom((text) => read(text as string)) as Richer<T, string>;

export const toggle = (words: string): Option<boolean> & Lackable & Shown => ({ ...optional(flag), words });

export const argument = <F extends Option>(words: string, check: F): F & Shown => ({
  ...check,
  ...{ words, isArgument: true },
});

/** Options of a function that a command has, too. Their checks are loaded when the command is called. */
export const optionsOf =
  <C>(load: () => Promise<{ readonly [K in keyof C]?: Option }>) =>
  <W extends { readonly [K in keyof C]?: Shown }>(shown: W) =>
    mapValues(shown as Readonly<Record<string, Shown>>, (each, name) => ({
      ...{ ...optional(anything), ...each },
      load: async () => (await load())[name as keyof C],
    })) as unknown as { readonly [K in keyof W & keyof C]: CommandOption<NonNullable<C[K]>> & Lackable };

export const grouped = <O extends CommandOptions>(group: string, options: O): O =>
  mapValues(options, (each) => ({ ...each, group })) as unknown as O;

/** The values of a command's options. What isn't given isn't there. */
export type Values<O> = { readonly [K in keyof Read<O>]: Exclude<Read<O>[K], undefined> };

type Document = ReportDocument | string;

export interface Command<O extends CommandOptions = CommandOptions, F = unknown, D extends Document = Document> {
  readonly options: O;
  /** @returns what was found; undefined if nothing is to be printed */
  run(values: Values<O>, invocation: Invocation): Promise<F | undefined>;
  document?(found: F, values: Values<O>, invocation: Invocation): D | Promise<D>;
  /** What `--json` prints of it. Default: all. */
  json?(found: F): unknown;
  /** Follows the printing: writes the files of `--out`, or gives the exit code. */
  finish?(found: F, values: Values<O>, invocation: Invocation, document: D): Promise<void> | void;
  /** The end of the help. */
  readonly notes?: string;
}

export const defineCommand = <O extends CommandOptions, F, D extends Document>(
  command: Command<O, F, D>,
): Command<O, F, D> => command;

const LETTERS: Readonly<Record<string, string>> = {
  out: '-o, ',
  data: '-d, ',
  models: '-m, ',
  seeds: '-s, ',
  workers: '-w, ',
};

const flagsOf = (name: string, { place, isNegated }: Shown): string =>
  `${LETTERS[name] ?? ''}--${isNegated ? 'no-' : ''}${dashed(name)}${place ? ` ${place}` : ''}`;

const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function built(name: string, command: Command, program: Omit<Invocation, 'isGiven' | 'misuse'>): Commander {
  const { options, notes } = command;
  const built = new Commander(name);
  for (const [key, each] of Object.entries<CommandOption & Partial<Filled>>(options)) {
    const { words, fallback, group, env, preset, shape } = each;
    if (each.isArgument) {
      const text = `${key}${shape?.list ? '...' : ''}`;
      built.addArgument(new Argument(each.optional ? `[${text}]` : `<${text}>`, words));
      continue;
    }
    const usual = fallback === undefined ? '' : ` (default: ${String(fallback) || 'none'})`;
    const added = new CommanderOption(flagsOf(key, each), words + usual);
    if (each.place !== undefined) added.argParser((text: string, before: string[] = []) => [...before, text]);
    if (env !== undefined) added.env(env);
    if (preset !== undefined) added.preset(preset);
    built.addOption(group === undefined ? added : added.helpGroup(group));
  }
  if (notes !== undefined) built.addHelpText('after', notes);
  return built.action(async () => {
    const misuse = (message: string): never => built.error(`error: ${message}`);
    const isGiven = (option: string) => built.getOptionValueSource(option) === 'cli';
    const values = await valuesOf(built, options, misuse);
    await run(command, values, { ...program, misuse, isGiven });
  });
}

async function run(command: Command, values: Values<CommandOptions>, invocation: Invocation): Promise<void> {
  const { stdout } = invocation;
  const found = await command.run(values, invocation);
  if (found === undefined) return;
  const document = (await command.document?.(found, values, invocation)) ?? '';
  if (values['json']) stdout.write(`${JSON.stringify(command.json ? command.json(found) : found, null, 2)}\n`);
  else if (typeof document === 'string') stdout.write(document);
  else stdout.write((await import('@polytask/study')).renderText(document, textOptions(stdout)));
  await command.finish?.(found, values, invocation, document);
}

/** The checked values of a command's options. A usage error names the first one that doesn't fit. */
async function valuesOf(built: Commander, options: CommandOptions, misuse: Invocation['misuse']) {
  const given: Record<string, unknown> = built.opts();
  const values: Record<string, unknown> = {};
  const entries = Object.entries<CommandOption & Partial<Filled>>(options);
  for (const [i, [name]] of entries.filter(([, { isArgument }]) => isArgument).entries())
    given[name] = built.processedArgs[i];
  for (const [name, each] of entries) {
    const flags = each.isArgument ? name : flagsOf(name, each);
    const texts = each.isNegated && given[name] === true ? undefined : given[name]; // commander's own default
    if (texts === undefined && !each.optional) misuse(`required option '${flags}' not specified`);
    const { shape = {}, read } = (await each.load?.()) ?? each;
    if (!each.isArgument && !each.isRepeated && shape.list && Array.isArray(texts) && texts.length > 1)
      misuse(`option '${flags}' is there twice. Write it once, with commas between: a,b`);
    const isText = each.isArgument || each.isRepeated || !Array.isArray(texts);
    try {
      const value = texts === undefined ? each.fallback : isText ? texts : valueOf(texts.at(-1) as string, shape);
      if (value !== undefined) values[name] = read(value, each.isArgument ? name : `--${dashed(name)}`);
    } catch (error) {
      if (!(error instanceof PolytaskError)) throw error;
      misuse(`${each.isArgument ? 'argument' : 'option'} '${flags}' is invalid. ${error.message}`);
    }
  }
  return values;
}

/** The value that a text of the command line stands for: a number, a list `a,b`, a record `a=1,b=2`, a component `adamw(weightDecay=0.05)`. */
function valueOf(text: string, { list, record, component, number, either = [] }: Shape): unknown {
  if (list) return splitList(text).map((each) => valueOf(each, list.of.shape ?? {}));
  if (record) {
    const entries = splitList(text).map((entry) => /^(.+)=([^=]+)$/.exec(entry) ?? [entry, entry, '']);
    return Object.fromEntries(entries.map(([, name, value]) => [name!.trim(), valueOf(value!, record.shape ?? {})]));
  }
  if (component !== undefined) {
    const { name, options } = readText(text);
    return { kind: component, name: standardName(component as ComponentKind, name), config: options };
  }
  const isNumber = number ?? either.some(({ shape }) => shape?.number);
  return isNumber && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** Reads options. @throws a usage error in place of a PolytaskError */
export async function usage<T>({ misuse }: Pick<Invocation, 'misuse'>, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PolytaskError) misuse(error.message);
    throw error;
  }
}
