import { fail, suggestion, shown } from '../errors/errors.ts';

/**
 * Throws a PolytaskError when an option has a value that doesn't fit. `checks.ts` has the common checks.
 *
 * @param where the name of the value in error messages, such as `adatt.levels[0].shared`
 */
export type Check = (value: unknown, where: string) => void;

/** A check for each option of a configuration. TypeScript requires a check for every option. */
export type Options<C> = { readonly [K in keyof C]-?: Check };

/**
 * Checks a configuration against its options. Components that are defined with `options` are checked when they are created
 * and when they are loaded.
 *
 * @param where the name of the component in error messages
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example
 * checkOptions({ dropuot: 0.1 }, { dropout: optional(number('a rate in [0, 1)', (x) => x >= 0 && x < 1)) }, 'mlp');
 * // PolytaskError: Expected an option of mlp, received "dropuot". Did you mean "dropout"?
 */
export function checkOptions<C>(config: unknown, options: Options<C>, where: string): void {
  const names = Object.keys(options);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    fail({
      expected: `an object with the options of ${where}`,
      received: shown(config),
      mend: names.length > 0 ? `Its options are ${names.join(', ')}.` : 'It has none: leave it out.',
    });
  }
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(options, name)) {
      fail({ expected: `an option of ${where}`, received: `"${name}"`, mend: suggestion(name, names) });
    }
  }
  const values = config as Record<string, unknown>;
  for (const [name, check] of Object.entries<Check>(options)) check(values[name], `${where}.${name}`);
}
