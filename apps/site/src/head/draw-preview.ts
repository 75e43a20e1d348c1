import { cellGrid } from '../drawing/cells.ts';
import type { Cell } from '../drawing/weight-pattern.ts';
import { escapeHtml, PREVIEW_SIZE } from './page-head.ts';

/** The letters in a line, at the sizes below. The wide letters of Inter fit, too. */
const LETTERS = { title: 27, line: 54 };

/** The base line of the title, in px. */
const TOP = 270;

/** AdaTT's matrix of weights for three tasks, two experts each and one shared. */
const MATRIX = [0, 1, 2].map((task) =>
  Array.from({ length: 7 }, (_, expert): Cell => (Math.floor(expert / 2) === task ? 'both' : 'gated')),
);

/** The first name of a path in the site, and what a reader calls the pages below. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^docs\/decisions\//, 'Decision'],
  [/^docs\/(results|leaderboard)\//, 'Results'],
  [/^docs\//, 'Guide'],
  [/^packages\//, 'Package'],
  [/^api\//, 'API reference'],
  [/^gallery\//, 'Architectures'],
  [/^playground\/lessons\//, 'Lesson in the playground'],
];

/** The picture of a link to a page: its kind, its title and one line or two. */
export function drawPreview(page: string, title: string, description: string): string {
  const kind = KINDS.find(([pattern]) => pattern.test(page))?.[1];
  const lines = linesOf(title, LETTERS.title, 3);
  const below = TOP + lines.length * 82;
  const { width, height } = PREVIEW_SIZE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter" fill="#1f2328">
<style>.one{fill:#57606a}.learned{fill:#e8883a}.gated{fill:#3b82c4}.none{fill:#eaeef2}</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<rect width="16" height="${height}" fill="#3b82c4"/>
<text x="80" y="112" font-size="34"><tspan font-weight="700">Polytask</tspan>${kind === undefined ? '' : `<tspan fill="#57606a" dx="18">${kind}</tspan>`}</text>
<g transform="translate(${width - 80 - 7 * 22 * 1.4} 62) scale(1.4)">${cellGrid(MATRIX, 0, 0)}</g>
${textLines(lines, TOP, 82, 'font-size="68" font-weight="700"')}
${textLines(linesOf(description, LETTERS.line, lines.length < 3 ? 3 : 2), below, 50, 'font-size="36" fill="#57606a"')}
</svg>`;
}

const textLines = (lines: readonly string[], top: number, step: number, style: string) =>
  lines.map((line, i) => `<text x="80" y="${top + i * step}" ${style}>${escapeHtml(line)}</text>`).join('\n');

/** Breaks a text between words. What doesn't fit into the last line is cut with `…`. */
function linesOf(text: string, letters: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word.length > letters ? `${word.slice(0, letters - 1)}…` : word);
  }
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  kept[most - 1] = `${kept[most - 1]!.slice(0, letters - 2).replace(/[,;:.]$/, '')} …`;
  return kept;
}
