import stringWidth from 'string-width';

/** Spaces between two columns of {@link linelessTable}. */
export const GUTTER = 2;

/**
 * A table for a terminal, without lines. The first column is left-aligned, the others are right-aligned. ANSI codes have no width.
 *
 * @param rows one or more, with equally many cells
 * @example linelessTable([['model', 'AUC'], ['adatt', '0.88']]); // 'model   AUC\nadatt  0.88'
 */
export function linelessTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i]!))));
  return rows
    .map((row) =>
      row
        .map((cell, i) => {
          const space = ' '.repeat(widths[i]! - stringWidth(cell));
          return i === 0 ? cell + space : space + cell;
        })
        .join(' '.repeat(GUTTER))
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Breaks a text between words into lines of at most `width` characters. A longer word gets its own line. ANSI codes have no width.
 *
 * @param width in characters; `Infinity` leaves the text as it is
 * @example wrapped('a few words', 6); // 'a few\nwords'
 */
export function wrapped(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}
