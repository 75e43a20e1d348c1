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
 * Breaks a text between words into lines of at most `width` columns of a terminal. A longer word gets its own line. ANSI codes
 * have no width.
 *
 * @param width `Infinity` leaves the text as it is
 * @param indent before each line but the first
 * @example wrapped('a few words', 6); // 'a few\nwords'
 */
export const wrapped = (text: string, width: number, indent = ''): string =>
  Number.isFinite(width) ? packed(text.split(/(?<= )/), width, indent).join('\n') : text;

/**
 * Breaks a name into lines of at most `width` columns: between words, else after a sign such as `(`, else within a word.
 *
 * @example brokenName('adatt(residual=false)', 12); // ['adatt(', 'residual=', 'false)']
 */
export function brokenName(name: string, width: number): string[] {
  const characters = (part: string) => Array.from(new Intl.Segmenter('en').segment(part), ({ segment }) => segment);
  const parts = name.split(/(?<=[ ,(=+/_-])/);
  return packed(
    parts.flatMap((part) => (stringWidth(part) <= width ? [part] : characters(part))),
    width,
  );
}

/** Lines of as many parts as fit. */
function packed(parts: readonly string[], width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''}${part}`;
    if (lines.length > 0 && stringWidth(longer.trimEnd()) <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? part : `${indent}${part}`);
  }
  return lines.map((line) => line.trimEnd());
}
