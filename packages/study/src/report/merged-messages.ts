/** A number that stands by itself: not the 1 of `task1`, nor that of `"0.5-model"`. */
const NUMBER = /(?<![\w."'-])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w"'-]|\.\w)/g;

/** Equal for messages that say the same with other numbers. */
export const shapeOf = (message: string): string => message.replace(NUMBER, '#');

/**
 * Messages of one shape as one: numbers that differ become their range, `NE 1.03–1.20`.
 *
 * @param messages at least one, all of one {@link shapeOf}
 */
export function mergedMessage(messages: readonly string[]): string {
  const numbers = messages.map((message) => message.match(NUMBER) ?? []);
  let place = 0;
  return messages[0]!.replace(NUMBER, (own) => {
    const all = numbers.map((list) => list[place] ?? own);
    place++;
    const sorted = [...new Set(all)].sort((a, b) => valueOf(a) - valueOf(b));
    return sorted.length === 1 ? own : `${sorted[0]}–${sorted.at(-1)}`;
  });
}

const valueOf = (text: string): number => Number(text.replaceAll(',', ''));
