/** Words for yes and no as files have them, in lower case. */
const YES = new Set(['yes', 'y', 'true', 't', '1', '1.0', 'on', 'positive', 'pos', '+']);
const NO = new Set(['no', 'n', 'false', 'f', '0', '0.0', 'off', 'negative', 'neg', '-']);

/** In lower case, without a full stop at the end. */
const wordOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/(?<=.)\.$/, '');

export const isYesOrNo = (text: string): boolean => YES.has(wordOf(text)) || NO.has(wordOf(text));

/**
 * Those of a column's values that mean yes: by their word, or "more than" beside "less than". None where that can't be told.
 *
 * @example yesAmong(['<=50K', '>50K']) // ['>50K']
 */
export function yesAmong(texts: readonly string[]): string[] {
  const words = texts.filter((text) => YES.has(wordOf(text)));
  if (words.length > 0) return words;
  const [more, less] = ['>', '<'].map((sign) => texts.filter((text) => text.trimStart().startsWith(sign)));
  return more!.length > 0 && less!.length > 0 ? more! : [];
}
