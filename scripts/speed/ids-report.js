import { median } from './pair-lines.js';

/**
 * @typedef {import('./pair-lines.js').Line} Line
 * @typedef {{ round: number, threads: number, ids: number, ours: Line & { rss: number }, theirs: Line }} IdsTurn
 */

/**
 * The steps of both programs by the rows of the table, as a table in Markdown: medians over the rounds, and ratios with the
 * lowest and the highest. A ratio is how many times longer PyTorch takes.
 *
 * @param {readonly IdsTurn[]} turns
 * @returns {string}
 */
export function idsReport(turns) {
  const cells = new Map(turns.map(({ threads, ids }) => [`${threads} ${ids}`, { threads, ids }]));
  const rows = [...cells.values()].map(({ threads, ids }) => {
    const own = turns.filter((turn) => turn.threads === threads && turn.ids === ids);
    const ratios = own.map(({ ours, theirs }) => theirs.median / ours.median);
    return [
      threads,
      ids.toLocaleString('en-US'),
      rounded(median(own.map(({ ours }) => ours.median))),
      rounded(median(own.map(({ theirs }) => theirs.median))),
      rounded(median(ratios)),
      `${rounded(Math.min(...ratios))}–${rounded(Math.max(...ratios))}`,
      Math.round(Math.max(...own.map(({ ours }) => ours.rss)) / 1e6).toLocaleString('en-US'),
    ];
  });
  const head = ['threads', 'rows', 'polytask, ms', 'PyTorch sparse, ms', 'ratio', 'lowest–highest', 'polytask, MB'];
  return [head, head.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** @param {number} value @returns {number} */
const rounded = (value) => Number(value.toPrecision(3));
