import { PolytaskError } from '@polytask/components/errors';

/**
 * The error of this package. The message has the received value, the expected value and the remedy.
 *
 * @example
 * new MetricError('auc', 'one label', 'two', 'Add the other.').message; // 'auc: got one label; expected two. Add the other.'
 */
export class MetricError extends PolytaskError {
  override readonly name = 'MetricError';

  constructor(where: string, received: string, expected: string, remedy: string) {
    super(`${where}: got ${received}; expected ${expected}. ${remedy}`);
  }
}

/** A value in an error message. It is short, and strings have quotes. */
export const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `${value.constructor.name} of length ${(value as unknown as ArrayLike<number>).length}`;
  }
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};

/** Requires a number, which may be NaN for an undefined metric but not infinite. */
export const requireMeasurement = (where: string, noun: string, value: unknown): number => {
  if (typeof value === 'number' && Math.abs(value) !== Infinity) return value;
  const expected = 'a finite number, or NaN for an undefined metric';
  throw new MetricError(where, `${noun} = ${show(value)}`, expected, 'Look for a diverged run.');
};

export const requireCount = (where: string, noun: string, value: unknown): void => {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw new MetricError(where, `${noun} = ${show(value)}`, 'a whole number >= 1', `Set ${noun} to e.g. 10.`);
};

export const requireBetween = (where: string, noun: string, value: unknown, low: number, high: number): void => {
  if (typeof value === 'number' && value > low && value < high) return;
  throw new MetricError(
    where,
    `${noun} = ${show(value)}`,
    `a number between ${low} and ${high}, both excluded`,
    `Set ${noun} inside the range.`,
  );
};

/** Requires options that are known. TypeScript can't: a program may be JavaScript, or build its options. */
export const requireOptions = <C extends object>(
  where: string,
  options: C,
  known: readonly (keyof C & string)[],
): void => {
  for (const name of Object.keys(options)) requireChoice(where, 'an option', name, known);
};

export const requireChoice = (where: string, noun: string, value: unknown, choices: readonly string[]): void => {
  if (choices.includes(value as string)) return;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new MetricError(where, `${noun} = ${show(value)}`, `one of ${list}`, 'Choose one of them, or leave it out.');
};
