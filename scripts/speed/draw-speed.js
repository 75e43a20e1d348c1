/**
 * Draws the measurements of docs/performance: for each machine, how many times longer the library takes with one thread. Each file
 * NAME.csv, which compare-speed writes, becomes NAME.svg.
 *
 *     npm run draw-speed
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dot, drawPicture, h, inGrid, rowPlot, svgFile } from '@polytask/study';
import { ROOT } from '../workspace.js';

const FOLDER = path.join(ROOT, 'docs', 'performance');
const [LEAST, MOST] = [0, 10];
const EQUAL = 1;

/** @typedef {Record<string, string>} Line */

for (const file of readdirSync(FOLDER).filter((each) => each.endsWith('.csv'))) {
  const name = path.basename(file, '.csv');
  const lines = linesOf(readFileSync(path.join(FOLDER, file), 'utf8')).filter(({ threads }) => threads === '1');
  writeFileSync(path.join(FOLDER, `${name}.svg`), `${svgFile(pictureOf(name, lines))}\n`);
}

/** @param {string} csv @returns {Line[]} */
function linesOf(csv) {
  const [head, ...lines] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [String(head?.[i]), cell])));
}

/** @param {string} name @param {readonly Line[]} lines */
function pictureOf(name, lines) {
  const configurations = [...new Set(lines.map((line) => line['configuration']))].sort();
  const names = [...new Set(lines.map(nameOf))];
  const panels = configurations.map((configuration, i) =>
    rowPlot({
      title: String(configuration),
      xTitle: "the library's time over ours",
      domain: [LEAST, MOST],
      named: i === 0,
      rows: names.map((row) => ({
        name: row,
        draw: (x, y) =>
          drawn(
            lines.find((line) => line['configuration'] === configuration && nameOf(line) === row),
            x,
            y,
          ),
      })),
    }),
  );
  const caption = `${name}: how many times longer the library takes, one thread; median, lowest and highest of the rounds; the line is 1`;
  return drawPicture(name, caption, inGrid(panels, panels.length));
}

/** @param {Line} line */
function nameOf({ what, model, batch }) {
  return `${model}, ${what === 'train step' ? what : `${Number(batch).toLocaleString('en')} ${batch === '1' ? 'row' : 'rows'}`}`;
}

/** @param {number} value */
function short(value) {
  return Number(value.toFixed(1));
}

/** @param {Line | undefined} line @param {(value: number) => number} x @param {number} y */
function drawn(line, x, y) {
  if (!line) return undefined;
  const [ratio, low, high] = /** @type {[number, number, number]} */ (
    ['ratio', 'lowest', 'highest'].map((column) => Number(line[column]))
  );
  const rule = h('path', { class: 'zero', d: `M${short(x(EQUAL))} ${short(y - 11)}V${short(y + 11)}` });
  const value =
    ratio > MOST
      ? h('text', { class: 'edge', x: short(x(MOST)), y: short(y + 4), 'text-anchor': 'end' }, `${ratio} ▶`)
      : [
          h('path', { class: 'span', d: `M${short(x(low))} ${short(y)}H${short(x(Math.min(high, MOST)))}` }),
          dot(x(ratio), y, 3.5),
        ];
  const tip = h('title', null, `${nameOf(line)}: ${ratio} (${low} to ${high})`);
  return [rule, h('g', { class: ratio > EQUAL ? 'better' : 'worse' }, tip, value)];
}
