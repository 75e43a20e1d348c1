/** A text, or an integer of 16 digits or more. */
const TEXT_OR_LARGE = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * Reads JSON as `JSON.parse` does, but for integers whose digits a double doesn't keep: these are bigints. So an id of 64 bits stays
 * itself.
 *
 * @throws SyntaxError for a text that is no JSON
 * @example parseExactJson('{"user": 1234567890123456789, "age": 41}') // { user: 1234567890123456789n, age: 41 }
 */
export function parseExactJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  let hasLarge = false;
  const marked = text.replace(TEXT_OR_LARGE, (found) => {
    if (found.startsWith('"') || String(Number(found)) === found) return found;
    hasLarge = true;
    return `{"":"${found}"}`;
  });
  return hasLarge ? JSON.parse(marked, (_, value: unknown) => large(value)) : JSON.parse(text);
}

/** The integer of an object that stands for one, and else the value itself. */
function large(value: unknown): unknown {
  const digits = typeof value === 'object' && value !== null ? (value as { readonly ''?: unknown })[''] : undefined;
  return typeof digits === 'string' && /^-?\d{16,}$/.test(digits) ? BigInt(digits) : value;
}
