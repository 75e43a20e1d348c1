import { CELL, cellGrid, legend, svg } from './cells.ts';
import type { LevelPattern } from './weight-pattern.ts';

const [LEFT, TOP, GAP] = [16, 50, 36];

/** The least width, in px: that of the legend. */
const LEAST = 710;

/** The width of a letter, in px. */
const LETTER = 6.8;

/** A picture of W at each level of an architecture, from the input up: a row for each lane, a column for each expert. */
export function drawLevels(name: string, levels: readonly LevelPattern[]): string {
  let x = LEFT;
  const parts = levels.map(({ outputs, cells }, l) => {
    const labels = Math.max(...outputs.map((output) => output.length)) * LETTER + 8;
    const names = outputs.map(
      (output, u) => `<text x="${x + labels - 8}" y="${TOP + u * CELL + 14}" text-anchor="end">${output}</text>`,
    );
    const title = `<text class="name" x="${x}" y="${TOP - 16}">level ${l + 1}</text>`;
    const part = `${title}${names.join('')}${cellGrid(cells, x + labels, TOP)}`;
    x += labels + cells[0]!.length * CELL + GAP;
    return part;
  });
  const bottom = TOP + Math.max(...levels.map(({ outputs }) => outputs.length)) * CELL;
  const width = Math.max(LEAST, Math.ceil(x - GAP + LEFT));
  return svg(width, bottom + 56, `W of ${name}, level by level`, `${parts.join('\n')}\n${legend(LEFT, bottom + 22)}`);
}
