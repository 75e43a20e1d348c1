/**
 * Reads data frames of R packages without R: `data/NAME.rda`, or the database `data/Rdata.rdb` with its index `Rdata.rdx`. The format is
 * R's `serialize` in its XDR form, versions 2 and 3 (the manual "R Internals", section 1.8). Only the types in plain data
 * frames are known. Data that xz has compressed need the program `xz`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

/**
 * A value of R. `items` has the elements of a vector (null where one is NA), or the values of a pairlist whose tags are `tags`.
 *
 * @typedef {{ items: any[], tags?: (string | undefined)[], attributes?: Record<string, RValue> }} RValue
 */

const MISSING_INTEGER = -(2 ** 31);

/** The value that `serialize` wrote. @param {Buffer} bytes @returns {RValue} */
export function readSerialized(bytes) {
  if (bytes.toString('latin1', 0, 2) !== 'X\n') {
    throw new Error(
      `Expected R data in the XDR form, received bytes that begin with "${bytes.toString('hex', 0, 4)}".`,
    );
  }
  let at = 2;
  const integer = () => bytes.readInt32BE((at += 4) - 4);
  const double = () => bytes.readDoubleBE((at += 8) - 8);
  const text = (/** @type {number} */ length) => bytes.toString('utf8', at, (at += length));
  /** @template T @param {() => T} read @param {number} [length] @returns {T[]} */
  const many = (read, length = integer()) => Array.from({ length }, read);
  /** @type {RValue[]} */
  const symbols = [];

  const version = integer();
  at += 8; // the versions of R that wrote it and that can read it
  if (version >= 3) text(integer()); // the encoding of texts without one: UTF-8 or ASCII in packages

  /** @type {Record<number, () => RValue>} */
  const readers = {
    1: () => symbols[symbols.push({ items: value().items }) - 1],
    9: () => {
      const length = integer();
      return { items: [length < 0 ? null : text(length)] };
    },
    10: () => ({ items: many(integer).map((each) => (each === MISSING_INTEGER ? null : each !== 0)) }),
    13: () => ({ items: many(integer).map((each) => (each === MISSING_INTEGER ? null : each)) }),
    14: () => ({ items: many(double).map((each) => (Number.isNaN(each) ? null : each)) }),
    16: () => ({ items: many(() => value().items[0]) }),
    19: () => ({ items: many(() => value()) }),
    254: () => ({ items: [] }),
  };

  /** @returns {RValue} */
  function value(flags = integer()) {
    const type = flags & 0xff;
    if (type === 255) return symbols[(flags >> 8 || integer()) - 1];
    if (type === 2) return pairs(flags);
    const read = readers[type];
    if (!read) throw new Error(`Expected the parts of a table, received R data of type ${type} at byte ${at}.`);
    const found = read();
    if (flags & 0x200) found.attributes = named(pairs(integer()));
    return found;
  }

  /** A pairlist, which is written link by link. @returns {RValue} */
  function pairs(flags = integer()) {
    /** @type {{ items: any[], tags: (string | undefined)[], attributes?: Record<string, RValue> }} */
    const list = { items: [], tags: [] };
    for (; (flags & 0xff) === 2; flags = integer()) {
      if (flags & 0x200) value();
      list.tags.push(flags & 0x400 ? value().items[0] : undefined);
      list.items.push(value());
    }
    return list;
  }

  return value();
}

/** @param {RValue} list @returns {Record<string, RValue>} */
const named = ({ items, tags = [] }) => Object.fromEntries(items.map((each, i) => [tags[i] ?? `${i}`, each]));

/** @param {Buffer} input @param {string[]} [options] */
function xz(input, options = []) {
  try {
    return execFileSync('xz', ['-dc', ...options], { input, maxBuffer: 2 ** 30 });
  } catch (error) {
    throw new Error(`Expected the program xz to unpack R data, received "${error}". Install xz (Debian: xz-utils).`, {
      cause: error,
    });
  }
}

/** A whole file: gzip, xz or plain. @param {Buffer} bytes */
const unpackedFile = (bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes[0] === 0xfd ? xz(bytes) : bytes);

/** A value of a lazy-load database: 4 bytes of length, and then zlib data, or a "Z" and the data of xz. @param {Buffer} bytes */
const unpackedValue = (bytes) =>
  bytes.toString('latin1', 4, 5) === 'Z'
    ? xz(bytes.subarray(5), ['--format=raw', '--lzma2=dict=64MiB'])
    : inflateSync(bytes.subarray(4));

/**
 * The data set of an installed R package.
 *
 * @param {string} folder the folder of the package in an R library
 * @param {string} name the name of the object
 * @param {string} [file] the name of the .rda file, if it differs
 */
export function readPackageData(folder, name, file = name) {
  const rda = path.join(folder, 'data', `${file}.rda`);
  if (existsSync(rda)) {
    const found = named(readSerialized(unpackedFile(readFileSync(rda)).subarray(5)))[name]; // after "RDX3\n"
    if (found) return found;
    throw new Error(`Expected the object ${name} in ${rda}, received none of that name.`);
  }
  const database = path.join(folder, 'data', 'Rdata');
  const index = readSerialized(unpackedFile(readFileSync(`${database}.rdx`)));
  const variables = listOf(listOf(index).variables);
  const [start, length] = variables[name]?.items ?? [];
  if (start === undefined)
    throw new Error(`Expected the object ${name} in ${database}.rdx, received none of that name.`);
  return readSerialized(unpackedValue(readFileSync(`${database}.rdb`).subarray(start, start + length)));
}

/** The values of a list, by name. @param {RValue} list @returns {Record<string, RValue>} */
const listOf = ({ items, attributes = {} }) =>
  Object.fromEntries(attributes.names.items.map((name, i) => [name, items[i]]));

/** The columns of a data frame as texts; null where a value is missing. @param {RValue} frame @returns {Record<string, (string | null)[]>} */
export function columnsOf(frame) {
  return Object.fromEntries(
    Object.entries(listOf(frame)).map(([name, { items, attributes = {} }]) => {
      const classes = attributes.class?.items ?? [];
      const levels = attributes.levels?.items;
      const textOf = (/** @type {any} */ each) => {
        if (levels) return levels[each - 1];
        if (classes.includes('Date')) return new Date(each * 864e5).toISOString().slice(0, 10);
        return classes.includes('POSIXct') ? new Date(each * 1000).toISOString() : String(each);
      };
      return [name, items.map((each) => (each === null ? null : textOf(each)))];
    }),
  );
}
