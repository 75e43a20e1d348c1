import { pairLines } from './pair-lines.js';

/**
 * What a comparison keeps: enough to make its table again.
 *
 * @typedef {object} Comparison
 * @property {string} date ISO
 * @property {string} commit
 * @property {{ cpu: string, cores: number, memory: number, os: string, load: number }} machine memory in GB; load as it began
 * @property {Readonly<Record<string, string>>} versions
 * @property {number} seconds a training step; inference takes a third
 * @property {import('./pair-lines.js').Turn[]} turns
 *
 * @typedef {import('./pair-lines.js').Pair} Pair
 * @typedef {import('./pair-lines.js').Ratio} Ratio
 */

const HEAD =
  'configuration,threads,what,model,batch,polytask_ms,library_ms,ratio,lowest,highest,by_hand_ms,by_hand_ratio,matrix_products';

/** The machine of a comparison, and where the library is as fast or faster, in Markdown. @param {Comparison} comparison */
export const speedReport = (comparison) => [aboutIt(comparison), '', ...losses(pairLines(comparison.turns))].join('\n');

/** The measurements of a comparison as CSV. @param {Comparison} comparison */
export const speedTable = ({ turns }) => [HEAD, ...pairLines(turns).map(speedLine)].map((line) => `${line}\n`).join('');

/** @param {Comparison} comparison */
function aboutIt({ date, commit, machine, versions, seconds, turns }) {
  const { cpu, cores, memory, os, load } = machine;
  const rounds = new Set(turns.map(({ round }) => round)).size;
  const peers = [...new Set(turns.flatMap((turn) => turn.peers.map(({ framework }) => framework)))];
  const programs = [...Object.entries(versions).map(([name, version]) => `${name} ${version}`), ...peers].join(', ');
  return (
    `${date.slice(0, 10)}, commit ${commit}. ${cpu}, ${cores} cores, ${memory} GB, ${os}; load ${load.toFixed(2)} as it began. ` +
    `${programs}. ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${seconds} s a training step.`
  );
}

/** @param {Pair} pair */
const speedLine = ({ config, threads, what, model, batch, ours, peer, ratio, variant, products }) =>
  [
    ...[config, threads, what, model, batch, digits(ours), digits(peer)],
    ...[ratio.median, ratio.low, ratio.high].map(digits),
    ...(variant ? [digits(variant.milliseconds), digits(variant.ratio.median)] : ['', '']),
    products === undefined ? '' : products.toFixed(2),
  ].join();

/** Where the peer is as fast or faster, said in words. @param {readonly Pair[]} pairs @returns {string[]} */
function losses(pairs) {
  /** @param {Pair} pair */
  const named = ({ config, threads, what, model, batch }) =>
    `${config}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${model}, ${what} of ${batch}`;
  const lost = pairs
    .filter(({ ratio }) => ratio.median <= 1)
    .map((pair) => `${named(pair)} (${digits(pair.ratio.median)})`);
  const byHand = pairs.flatMap((pair) =>
    pair.variant && pair.variant.ratio.median <= 1
      ? [`${named(pair)} (${pair.variant.name}: ${digits(pair.variant.ratio.median)})`]
      : [],
  );
  return [
    lost.length === 0 ? 'Slower than the library: nowhere.' : `Slower than the library: ${lost.join('; ')}.`,
    byHand.length === 0
      ? 'Slower than the library by hand: nowhere.'
      : `Slower than the library by hand: ${byHand.join('; ')}.`,
  ];
}

/** Three significant digits. @param {number} number */
const digits = (number) => (number >= 100 ? number.toFixed(0) : Number(number.toPrecision(3)).toString());

const BEGIN = '<!-- compare-speed: begin -->';
const END = '<!-- compare-speed: end -->';

/** A page with this report between its two marks. @param {string} page @param {string} report */
export function inPage(page, report) {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`The page has no place for the report. Put these two lines in it: ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n${report}\n${page.slice(to)}`;
}
