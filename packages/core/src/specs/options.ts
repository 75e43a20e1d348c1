import { fail, suggestion, shown } from '../errors/errors.ts';

/**
 * Throws a PolytaskError unless a value of a configuration fits. The ready-made ones are in `checks.ts`.
 *
 * @param where how errors call the value, such as `adatt.levels[0].shared`
 */
export type Check = (value: unknown, where: string) => void;

/** A check for each option of a configuration. TypeScript asks for every one, so none can be forgotten. */
export type Options<C> = { readonly [K in keyof C]-?: Check };

/**
 * Throws a PolytaskError when a configuration has an option that isn't known, with the name that was meant, or a value
 * that doesn't fit. Components defined with `options` are checked by this when they are made and when they are loaded.
 *
 * @example
 * checkOptions({ dropuot: 0.1 }, { dropout: optional(number('a rate in [0, 1)', (x) => x >= 0 && x < 1)) }, 'mlp');
 * // PolytaskError: Expected an option of mlp, received "dropuot". Did you mean "dropout"?
 */
export function checkOptions<C>(config: unknown, options: Options<C>, where: string): void {
  const known = Object.keys(options);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    fail({
      expected: `an object with the options of ${where}`,
      received: shown(config),
      mend: known.length > 0 ? `Its options are ${known.join(', ')}.` : 'It has none: leave it out.',
    });
  }
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(options, name)) {
      fail({ expected: `an option of ${where}`, received: `"${name}"`, mend: suggestion(name, known) });
    }
  }
  const values = config as Record<string, unknown>;
  for (const [name, check] of Object.entries<Check>(options)) check(values[name], `${where}.${name}`);
}
