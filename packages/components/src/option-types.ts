import { fits, type Check } from './options.ts';

/** An option as its check has it. */
export interface OptionType {
  /** The name; `levels[].shared` is an option of the entries of `levels`. */
  readonly name: string;
  /** The values that it takes, in words: `a whole number, 1 or more`. */
  readonly type: string;
  /** Whether it can't be left out. */
  readonly required: boolean;
}

type Checks = Readonly<Record<string, Check>>;

/** The parts of a check that `listOf` and `shaped` leave on it. */
interface Parts {
  readonly entry?: Check & Parts;
  readonly fields?: Checks;
}

/**
 * The options of a configuration, those within objects and lists included. The words are those of the checks' errors, so they can't differ
 * from what is checked.
 *
 * @example optionTypes({ units: listOf(wholeNumber(1)) }) // [{ name: 'units', type: 'a list of: a whole number, 1 or more', … }]
 */
export const optionTypes = (options: Checks, path = ''): OptionType[] =>
  Object.entries(options).flatMap(([key, check]) => {
    const name = `${path}${key}`;
    const { entry, fields } = check as Parts;
    const inner = fields ?? entry?.fields;
    const option = { name, type: typeOf(check), required: !fits(check, undefined) };
    return [option, ...(inner ? optionTypes(inner, `${name}${fields ? '' : '[]'}.`) : [])];
  });

/** No check accepts it, so that each says in its error which values it takes. */
const NOTHING = Symbol('nothing');
const PLACE = '<place>';

function typeOf(check: Check & Parts): string {
  if (check.fields) return 'an object';
  if (check.entry) return check.entry.fields ? 'a list of objects' : `a list of: ${typeOf(check.entry)}`;
  const error = errorOf(check, NOTHING);
  if (error === undefined) return 'any value';
  const [, expected = error] = /^(?:Expected )?([^]+?)(?:,? for <place>.*)?, received /.exec(error) ?? [];
  const takesList = errorOf(check, [NOTHING])?.includes(`${PLACE}[0]`);
  const takesNames = errorOf(check, { name: NOTHING })?.includes(`${PLACE}.name`);
  return `${expected}${takesList ? ', or a list' : ''}${takesNames ? ', or by name' : ''}`;
}

function errorOf(check: Check, value: unknown): string | undefined {
  try {
    check(value, PLACE);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
