import { fail } from '../errors/errors.ts';

/** Counts up to this one are taken without looking at the weights: not every whole number counts parts of the model. */
const HARMLESS = 100_000;

/**
 * Throws when a saved model declares more parts than its weights have numbers, such as a billion experts. Without this check,
 * the lists of parts alone would take all memory before the first parameter is compared.
 *
 * @param config the configuration in a model document. Its schema is skipped: it has categories and seeds of data
 * @param numbers how many numbers the weights have
 */
export function checkCounts(config: object, numbers: number): void {
  const most = Math.max(HARMLESS, numbers);
  const visit = (value: unknown, path: string): void => {
    if (Number.isInteger(value) && (value as number) > most) {
      fail({
        expected: `${path} to be at most ${most.toLocaleString('en')}, as the weights have ${numbers.toLocaleString('en')} numbers`,
        received: String(value),
        mend: 'The declaration was changed after the model was saved: copy it again.',
      });
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  for (const [key, value] of Object.entries(config)) if (key !== 'schema' && key !== 'seed') visit(value, key);
}
