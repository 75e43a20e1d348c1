import type { Cell, LevelPattern } from './weight-pattern.ts';

/** The distance between two cells, in px. */
export const CELL = 22;

const SIDE = CELL - 3;

/** The words for the kinds of cells. */
const KINDS: readonly (readonly [Cell, string])[] = [
  ['one', '1'],
  ['learned', 'learned constant'],
  ['gated', 'softmax gate'],
  ['both', 'gate + learned constant'],
  ['none', 'not visible'],
];

/** The colors of all drawings, light and dark. */
const STYLE = `text{fill:#1f2328}.name{font-weight:600}.head{font-size:15px}.none{fill:#eaeef2}.one{fill:#57606a}.learned{fill:#e8883a}.gated{fill:#3b82c4}
.page{fill:#fff}@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#e6edf3}.none{fill:#21262d}.one{fill:#9198a1}}`;

/** The squares of a matrix, with its upper left corner at x, y. */
export const cellGrid = (cells: LevelPattern['cells'], x: number, y: number): string =>
  cells.flatMap((row, u) => row.map((kind, e) => square(kind, x + e * CELL, y + u * CELL))).join('');

function square(kind: Cell, left: number, top: number): string {
  const box = `<rect class="${kind === 'both' ? 'gated' : kind}" x="${left}" y="${top}" width="${SIDE}" height="${SIDE}" rx="3"/>`;
  if (kind !== 'both') return box;
  return `${box}<path class="learned" d="M${left + SIDE} ${top + 3}V${top + SIDE - 3}q0 3 -3 3H${left + 3}z"/>`;
}

/** The legend, in one line. */
export function legend(x: number, y: number): string {
  let at = x;
  const keys = KINDS.map(([kind, text]) => {
    const key = `${cellGrid([[kind]], at, y)}<text x="${at + CELL + 2}" y="${y + 14}">${text}</text>`;
    at += CELL + 26 + text.length * 7.2;
    return key;
  });
  return keys.join('\n');
}

/** A whole picture. @param title for those who don't see it */
export const svg = (width: number, height: number, title: string, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<title>${title}</title>
<style>
${STYLE}
</style>
<rect class="page" width="${width}" height="${height}"/>
${content}
</svg>
`;
