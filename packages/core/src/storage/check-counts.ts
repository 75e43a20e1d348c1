import { fail } from '../errors/errors.ts';

/** Counts up to this one are taken without looking at the weights: not every whole number counts parts of the model. */
const HARMLESS = 100_000;

/**
 * Checks that a saved model doesn't declare more parts than its weights have numbers, such as a billion experts. Without this check,
 * the lists of parts alone would take all memory before the first parameter is compared.
 *
 * @param config the configuration of the model. Its keys `schema` and `seed` are skipped: they count no parts
 * @param numbers how many numbers the weights have
 * @throws PolytaskError for a count above both 100,000 and `numbers`
 * @example checkCounts({ levels: [{ perTask: 2 }] }, 4000);
 */
export function checkCounts(config: object, numbers: number): void {
  const most = Math.max(HARMLESS, numbers);
  const visit = (value: unknown, path: string): void => {
    if (Number.isInteger(value) && (value as number) > most) {
      fail({
        expected: `${path} to be at most ${most.toLocaleString('en')}, as the weights have ${numbers.toLocaleString('en')} numbers`,
        received: String(value),
        mend: "The declaration and the weights don't belong together: copy both again.",
      });
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  for (const [key, value] of Object.entries(config)) if (key !== 'schema' && key !== 'seed') visit(value, key);
}
