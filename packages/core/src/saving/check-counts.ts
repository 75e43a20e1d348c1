import { fail } from '@polytask/components';

/** What {@link checkCounts} compares the counts of a model with. */
export interface CountLimit {
  /** What the weights have: `numbers`, or `tensors` for parts that have tensors of their own. Default `numbers`. */
  readonly unit?: 'numbers' | 'tensors';
  /** Counts up to this one are taken in any case. Default 100,000: not every whole number of a declaration counts parts. */
  readonly harmless?: number;
}

/**
 * Checks that a saved model doesn't declare more parts than its weights have numbers, such as a billion experts. Without this check,
 * the lists of parts alone would take all memory before the first parameter is compared.
 *
 * @param config the configuration of the model. Its keys `schema` and `seed` are skipped: they count no parts
 * @param size how many numbers or tensors the weights have
 * @throws PolytaskError for a count above `size` that isn't harmless
 * @example checkCounts({ levels: [{ perTask: 2 }] }, 4000);
 */
export function checkCounts(
  config: object,
  size: number,
  { unit = 'numbers', harmless = 100_000 }: CountLimit = {},
): void {
  const most = Math.max(harmless, size);
  const visit = (value: unknown, path: string): void => {
    if (Number.isInteger(value) && (value as number) > most) {
      fail({
        expected: `${path} to be at most ${most.toLocaleString('en')}, as the weights have ${size.toLocaleString('en')} ${unit}`,
        received: String(value),
        fix: 'Copy the declaration and the weights again.',
      });
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  for (const [key, value] of Object.entries(config)) if (key !== 'schema' && key !== 'seed') visit(value, key);
}
