/** A part of the rows of an array, and the place where these parts are one after the other. */
export interface CopiedPart {
  /** [rows × width] */
  readonly array: Float32Array;
  /** The numbers of a whole row. */
  readonly width: number;
  /** Where the part begins in a row. */
  readonly offset: number;
  /** [ids × dimension] or longer; row k is the part of row ids[k] of the array. */
  readonly gathered: Float32Array;
}

export interface RowCopy {
  readonly dimension: number;
  /** The rows of each array, each once. */
  readonly ids: Int32Array;
  readonly parts: readonly CopiedPart[];
}

export const wholeRows = (array: Float32Array, width: number, gathered: Float32Array): CopiedPart => ({
  ...{ array, width, gathered },
  offset: 0,
});

/** How many rows are fetched at once: a processor waits for many rows of a large array at the same time, so it is four times faster. */
const BLOCK = 256;

/** More bytes than caches hold. Reading the rows of a smaller array before they are written costs more than it saves. */
const LARGE = 2 ** 25;

export function gatherRows(copy: RowCopy): void {
  const { dimension, parts } = inPairs(copy);
  gatherBlocks(copy.ids, dimension, parts);
}

/** Copies rows of one array out of it, number by number: a page that predicts needs no more code. */
export const gatherWhole = (ids: Int32Array, dimension: number, array: Float32Array, gathered: Float32Array): void =>
  gatherBlocks(ids, dimension, [{ array, width: dimension, offset: 0, gathered }]);

function gatherBlocks(ids: Int32Array, dimension: number, parts: readonly Omit<Part, 'fetched'>[]): void {
  for (let from = 0; from < ids.length; from += BLOCK) {
    const block = ids.subarray(from, from + BLOCK);
    for (const part of parts) fetchRows(part, block, part.gathered, from * dimension);
    for (const part of parts) copyOut(part, dimension, block, from * dimension);
  }
}

export function scatterRows(copy: RowCopy): void {
  const { ids } = copy;
  const { dimension, parts } = inPairs(copy);
  for (let from = 0; from < ids.length; from += BLOCK) {
    const block = ids.subarray(from, from + BLOCK);
    for (const part of parts) if (part.array.byteLength > LARGE) fetchRows(part, block, part.fetched, 0);
    for (const part of parts) copyIn(part, dimension, block, from * dimension);
  }
}

interface Part<Numbers extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly array: Numbers;
  readonly width: number;
  readonly offset: number;
  readonly gathered: Numbers;
  /** Receives what nobody reads. No compiler may leave its writing out. */
  readonly fetched: Numbers;
}

/** Two numbers move as one of 64 bits, in half the time, where rows begin at a multiple of 8 bytes. */
function inPairs({ dimension, parts }: RowCopy): { dimension: number; parts: readonly Part[] } {
  const fits = ({ array, width, offset, gathered }: CopiedPart) =>
    width % 2 === 0 && offset % 2 === 0 && [array, gathered].every(({ byteOffset }) => byteOffset % 8 === 0);
  if (dimension % 2 !== 0 || !parts.every(fits))
    return { dimension, parts: parts.map((part) => ({ ...part, fetched: new Float32Array(BLOCK) })) };
  return {
    dimension: dimension / 2,
    parts: parts.map(({ array, width, offset, gathered }) => ({
      array: pairsOf(array),
      width: width / 2,
      offset: offset / 2,
      gathered: pairsOf(gathered),
      fetched: new Float64Array(BLOCK),
    })),
  };
}

const pairsOf = ({ buffer, byteOffset, length }: Float32Array): Float64Array =>
  new Float64Array(buffer, byteOffset, Math.floor(length / 2));

/** Reads the first number of each row, one after the other into `into`. */
function fetchRows(
  { array, width, offset }: Pick<Part, 'array' | 'width' | 'offset'>,
  ids: Int32Array,
  into: Float32Array | Float64Array,
  at: number,
): void {
  for (let k = 0; k < ids.length; k++) into[at + k] = array[ids[k]! * width + offset]!;
}

/** Copies rows to `gathered`, where the first begins at `at`. Four numbers a round take two thirds of the time of one. */
function copyOut(
  { array, width, offset, gathered }: Omit<Part, 'fetched'>,
  dimension: number,
  ids: Int32Array,
  at: number,
): void {
  for (let k = 0; k < ids.length; k++) {
    let from = ids[k]! * width + offset;
    const end = at + dimension;
    while (at + 4 <= end) {
      gathered[at++] = array[from++]!;
      gathered[at++] = array[from++]!;
      gathered[at++] = array[from++]!;
      gathered[at++] = array[from++]!;
    }
    while (at < end) gathered[at++] = array[from++]!;
  }
}

/** Copies rows from `gathered`, where the first begins at `at`. Sharing a loop with {@link copyOut} made it a tenth slower. */
function copyIn({ array, width, offset, gathered }: Part, dimension: number, ids: Int32Array, at: number): void {
  for (let k = 0; k < ids.length; k++) {
    let to = ids[k]! * width + offset;
    const end = at + dimension;
    for (; at + 4 <= end; at += 4, to += 4) {
      array[to] = gathered[at]!;
      array[to + 1] = gathered[at + 1]!;
      array[to + 2] = gathered[at + 2]!;
      array[to + 3] = gathered[at + 3]!;
    }
    for (; at < end; at++, to++) array[to] = gathered[at]!;
  }
}
