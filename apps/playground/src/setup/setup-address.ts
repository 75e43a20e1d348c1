import type { Field } from './field.ts';
import { FIELD_NAMES, type FieldName, FIELDS, initialSetup, type Setup } from './setup.ts';

/** What an address may open beside a setup. */
export interface Opened {
  /** The name of a lesson. */
  readonly lesson: string | undefined;
  /** The address of a `results.jsonl`, relative to the page. */
  readonly results: string | undefined;
  /** A result, as `sharedText` writes it. */
  readonly shared?: string | undefined;
}

/** A setup that was read from an address, with a sentence for each part that could not be read. */
export interface ReadSetup extends Opened {
  readonly setup: Setup;
  readonly faults: readonly string[];
}

const LESSON = 'lesson';
const RESULTS = 'results';
const SHARED = 'shared';

/** A field of any type. Values go from `parse` to `format` of one field only. */
const fieldOf = (name: FieldName) => FIELDS[name] as Field<unknown>;

/**
 * Writes a setup as the part of an address after `#`. Fields at their initial value are left out.
 *
 * @example addressOf({ ...initialSetup, correlation: 0.3 }); // 'correlation=0.3'
 */
export function addressOf(setup: Setup, { lesson, results, shared }: Partial<Opened> = {}): string {
  const changed = FIELD_NAMES.flatMap((name): [string, string][] => {
    const [text, initial] = [setup[name], initialSetup[name]].map((value) => fieldOf(name).format(value));
    return text === initial ? [] : [[name, text!]];
  });
  const opened = Object.entries({ [LESSON]: lesson, [RESULTS]: results, [SHARED]: shared }).filter(
    ([, text]) => text !== undefined,
  );
  const entries = [...opened, ...changed] as [string, string][];
  return new URLSearchParams(entries).toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
}

/**
 * Reads the part of an address after `#`. A part that can't be read keeps its initial value, and has a sentence in `faults`.
 *
 * @param presets the setups of lessons by name. An address may change fields of its lesson
 */
export function readAddress(hash: string, presets: Readonly<Record<string, Setup>> = {}): ReadSetup {
  const entries = new URLSearchParams(hash.replace(/^#/, ''));
  const lesson = entries.get(LESSON) ?? undefined;
  const isKnown = lesson !== undefined && Object.hasOwn(presets, lesson);
  const changes: Partial<Record<FieldName, unknown>> = {};
  const faults =
    lesson === undefined || isKnown ? [] : [`The address names the lesson "${lesson}", which isn't there.`];
  for (const [name, text] of entries) {
    if (name === LESSON || name === RESULTS || name === SHARED) continue;
    const field = FIELD_NAMES.includes(name as FieldName) ? fieldOf(name as FieldName) : undefined;
    const value = field?.parse(text);
    if (value !== undefined) changes[name as FieldName] = value;
    else if (field)
      faults.push(`The address has ${name}=${text}. Expected ${field.expected}; its initial value is taken.`);
    else faults.push(`The address has ${name}=${text}, and there is no setting of this name.`);
  }
  const base = isKnown ? presets[lesson]! : initialSetup;
  return {
    setup: { ...base, ...changes } as Setup,
    lesson: isKnown ? lesson : undefined,
    results: entries.get(RESULTS) ?? undefined,
    shared: entries.get(SHARED) ?? undefined,
    faults,
  };
}
