import { MetricError, show } from '../metric-error.ts';

/** A setting that counts something. */
export const requireCount = (where: string, noun: string, value: unknown): void => {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw new MetricError(where, `${noun} = ${show(value)}`, 'a whole number >= 1', `Set ${noun} to e.g. 10.`);
};

/** A setting strictly between two numbers. */
export const requireBetween = (where: string, noun: string, value: unknown, low: number, high: number): void => {
  if (typeof value === 'number' && value > low && value < high) return;
  throw new MetricError(
    where,
    `${noun} = ${show(value)}`,
    `a number between ${low} and ${high}, both excluded`,
    `Set ${noun} inside the range.`,
  );
};

/** A setting out of a few words. */
export const requireChoice = (where: string, noun: string, value: unknown, choices: readonly string[]): void => {
  if (choices.includes(value as string)) return;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new MetricError(where, `${noun} = ${show(value)}`, `one of ${list}`, 'Choose one of them, or leave it out.');
};
