/** Texts that `Number` reads in another base, or as 0 although they have no digit. */
const OTHER_BASE = /^\s*(?:0[box]|$)/i;

const [ZERO, NINE, MINUS] = [48, 57, 45];

/**
 * Reads a finite decimal number, such as `41`, `-.5` or `1e6`. Any other text is NaN. `0x10`, `1_000` and `Infinity` are NaN,
 * too: they are codes or names more often than numbers.
 *
 * @example parseNumber('1e3') // 1000
 */
export function parseNumber(text: string): number {
  const value = Number(text);
  const first = text.charCodeAt(0);
  if ((first > ZERO && first <= NINE) || first === MINUS) return Number.isFinite(value) ? value : NaN;
  return Number.isFinite(value) && !OTHER_BASE.test(text) ? value : NaN;
}
