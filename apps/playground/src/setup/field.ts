/** A field of the setup: its default, and its text in the address of the page. */
export interface Field<V> {
  readonly initial: V;
  /** What a text should be, for messages. */
  readonly expected: string;
  /** @returns undefined for a text that is no value of the field */
  parse(text: string): V | undefined;
  format(value: V): string;
}

/** A field that a slider sets. */
export interface NumberField extends Field<number> {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** A number from `least` to `most`. */
export const numberField = (initial: number, least: number, most: number, step: number): NumberField => ({
  ...{ initial, least, most, step },
  expected: `a number from ${least} to ${most}`,
  parse(text) {
    const value = Number(text);
    const isWhole = !Number.isInteger(step) || Number.isInteger(value);
    return text.trim() !== '' && isWhole && value >= least && value <= most ? value : undefined;
  },
  format: String,
});

/** One of some names. @param names called when a text is read, because packages may define more components */
export const choiceField = <N extends string>(initial: N, names: () => readonly N[]): Field<N> => ({
  initial,
  get expected() {
    return `one of ${names().filter(Boolean).join(', ')}`;
  },
  parse: (text) => names().find((name) => name === text),
  format: (name) => name,
});

/** Some of some names, one or more. */
export const listField = (initial: readonly string[], names: () => readonly string[]): Field<readonly string[]> => ({
  initial,
  get expected() {
    return `names with commas between, of ${names().join(', ')}`;
  },
  parse(text) {
    const chosen = [...new Set(text.split(','))];
    return chosen.every((name) => names().includes(name)) ? chosen : undefined;
  },
  format: (list) => list.join(','),
});
