/**
 * What both programs print for a measurement; ours has more fields.
 *
 * @typedef {object} Line
 * @property {string} framework @property {string} model @property {string} config @property {number} threads
 * @property {string} what @property {number} batch @property {number} median milliseconds
 *
 * Both programs' lines of one model in one round.
 * @typedef {{ round: number, ours: readonly Line[], peers: readonly Line[] }} Turn
 *
 * A measurement over the rounds. Times are medians over the rounds, in milliseconds; a ratio is how many times longer
 * the peer takes: lowest, median and highest of the rounds' own ratios.
 * @typedef {{ low: number, median: number, high: number }} Ratio
 * @typedef {{ name: string, milliseconds: number, ratio: Ratio }} Variant another form of the peer's model
 *
 * @typedef {object} Pair
 * @property {string} config @property {number} threads @property {string} model @property {string} what @property {number} batch
 * @property {number} rounds @property {number} ours @property {number} peer @property {Ratio} ratio
 * @property {Variant | undefined} variant
 * @property {number | undefined} products share of our time that the matrix products alone take
 */

const PRODUCTS = 'matrix products';

/**
 * Pairs the lines of the rounds: a peer's model called `NAME_…` is a variant of NAME.
 *
 * @param {readonly Turn[]} turns
 * @returns {Pair[]} in the order in which they were measured
 */
export function pairLines(turns) {
  /** @type {Map<string, { ours: Line, peer: Line, variant: Line | undefined, products: Line | undefined }[]>} */
  const groups = new Map();
  for (const { ours, peers } of turns) {
    for (const line of ours) {
      const peer = peers.find((each) => isSame(each, line) && each.model === line.model);
      if (!peer) continue;
      const variant = peers.find((each) => isSame(each, line) && each.model.startsWith(`${line.model}_`));
      const products = line.what === 'train step' ? ours.find(({ what }) => what === PRODUCTS) : undefined;
      const key = [line.config, line.threads, line.model, line.what, line.batch].join();
      const group = groups.get(key) ?? [];
      group.push({ ours: line, peer, variant, products });
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(pairOf);
}

/** @param {{ ours: Line, peer: Line, variant: Line | undefined, products: Line | undefined }[]} group @returns {Pair} */
function pairOf(group) {
  const [{ ours, variant, products }] = group;
  const { config, threads, model, what, batch } = ours;
  /** @param {'ours' | 'peer' | 'variant' | 'products'} which */
  const of = (which) => group.map((each) => each[which]?.median ?? NaN);
  const times = of('ours');
  /** @param {number[]} peers @returns {Ratio} */
  const ratioOf = (peers) => {
    const ratios = peers.map((peer, i) => peer / times[i]);
    return { low: Math.min(...ratios), median: median(ratios), high: Math.max(...ratios) };
  };
  return {
    ...{ config, threads, model, what, batch, rounds: group.length },
    ours: median(times),
    peer: median(of('peer')),
    ratio: ratioOf(of('peer')),
    variant: variant && { name: variant.model, milliseconds: median(of('variant')), ratio: ratioOf(of('variant')) },
    products: products && median(of('products').map((each, i) => each / times[i])),
  };
}

/** @param {Line} a @param {Line} b */
const isSame = (a, b) => a.config === b.config && a.threads === b.threads && a.what === b.what && a.batch === b.batch;

/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
