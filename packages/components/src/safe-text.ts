// Names and values of data may hold anything. Each format of output has one function here that makes a text of data harmless in that
// format, and every writer of the format uses it. CSV has Papa Parse's `escapeFormulae` (csv.ts).

/** Characters that reorder or end a line. */
const REORDERING = '[\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]';
/** Control characters, and {@link REORDERING}. Tabs and line ends are left to the caller. */
const CONTROL = /* @__PURE__ */ new RegExp(`(?![\\t\\n])\\p{Cc}|${REORDERING}`, 'gu');

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A text for a terminal: control characters become visible escapes, as in JSON. Tabs and line ends stay.
 *
 * @example printable('a\u001b[31mb'); // 'a\\u001b[31mb'
 */
export const printable = (text: string): string => text.replace(CONTROL, escape);

/** A text for one line of a terminal, such as a name in a table: {@link printable}, and no tabs or line ends. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\n]/g, escape);

/** A text for HTML, in an element or a quoted attribute. */
export const htmlText = (text: string): string =>
  xmlText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A text of XML without the characters that XML 1.0 forbids, such as control characters. Characters that reorder a line are escapes. */
export const xmlText = (text: string): string =>
  text.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd').replace(new RegExp(REORDERING, 'g'), escape);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '`': '&#96;',
  '\\': '&#92;',
  ']': '&#93;',
};

/** A text for one line of Markdown: {@link printable}, and no HTML, code, image, link or line end. Tables escape their own bars. */
export const markdownText = (text: string): string =>
  printable(text.replace(/[\t\n]/g, ' ')).replace(/[&<`\\]|\](?=[(:])/g, (character) => ENTITIES[character]!);

/**
 * Applies a function to all texts of plain data, the keys of objects too.
 *
 * @example mapTexts({ 'a\n': ['b\n', 1] }, printableLine); // { 'a\\n': ['b\\n', 1] }
 */
export function mapTexts<T>(value: T, map: (text: string) => string): T {
  const mapped = (each: unknown): unknown => {
    if (typeof each === 'string') return map(each);
    if (Array.isArray(each)) return each.map(mapped);
    if (typeof each !== 'object' || each === null || Object.getPrototypeOf(each) !== Object.prototype) return each;
    return Object.fromEntries(Object.entries(each).map(([key, entry]) => [map(key), mapped(entry)]));
  };
  return mapped(value) as T;
}
