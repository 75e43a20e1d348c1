import stringWidth from 'string-width';

/** Spaces between two columns. */
export const GUTTER = 2;

/** A table for a terminal without any lines: the first column to the left, the others to the right. ANSI codes count nothing. */
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
