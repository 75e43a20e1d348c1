import { countsOf } from '@polytask/components';
import { fail, checks, hashOf, parseJson } from '@polytask/core';
import { allRows, type Coded, columnIn, joinArrays, type Need } from '../columns/columns.ts';
import { featureNeeds } from '../declarations/features.ts';
import type { Parts } from '../fitting/row-split.ts';
import { RowHasher } from '../statistics/row-hasher.ts';
import type { Table } from '../table/table.ts';
import { modelJson, sealedFile } from '../platform/model-file.ts';

/** The rows that a model was trained with, as 53-bit hashes of their features. */
export interface SeenRows {
  /** The hash of each training row, ascending, with the training rows of the model whose training was continued. */
  readonly training: Float64Array;
  /** The hash of each validation row, likewise. */
  readonly validation: Float64Array;
  /** The share of validation rows that have the features of a training row. */
  readonly alike: number;
}

/**
 * Hashes the rows of a training. A row has the same hash in each file with its values, whatever the order of rows and columns, the
 * format, and the labels.
 *
 * @param parts raw rows
 * @param earlier the rows of the model whose training was continued. Default: a new model was trained
 * @example await writeSeenRows('people-model', seenRows(raw));
 */
export function seenRows(
  { train, validation }: Pick<Parts<Table>, 'train' | 'validation'>,
  earlier?: SeenRows,
): SeenRows {
  const [training, held] = [featureHashes(train), featureHashes(validation)];
  const isSeen = matcher(training);
  const alike = held.filter(isSeen).length / Math.max(1, held.length);
  return {
    training: ascending(training, earlier?.training),
    validation: ascending(held, earlier?.validation),
    alike: Math.max(alike, earlier?.alike ?? 0),
  };
}

/** If more validation rows than this share have the features of a training row, features don't identify a row. */
const MOST_ALIKE = 0.5;

/**
 * Creates a function that recognizes rows. Each row of the training is recognized once: of three rows with the features of two training
 * rows, the third is a new one. So pass all tables of a file to one function.
 *
 * @param withValidation whether the validation rows of the training count, too
 * @returns a function that returns [rows], 1 for a row of the training, else 0. Undefined if most rows have the features of other rows,
 * so that no row can be recognized
 * @example
 * const isSeen = recognizer((await readSeenRows('people-model'))!, true)!(table);
 * const others = table.subset([...isSeen.keys()].filter((row) => isSeen[row] === 0));
 */
export function recognizer(
  { alike, training, validation }: SeenRows,
  withValidation: boolean,
): ((table: Table) => Uint8Array) | undefined {
  if (alike > MOST_ALIKE) return undefined;
  const isSeen = matcher(withValidation ? ascending(training, validation) : training);
  return (table) => Uint8Array.from(featureHashes(table), (hash) => Number(isSeen(hash)));
}

/** Raw parts, and how many rows of them were left out. */
export interface UnseenParts extends Parts<Table> {
  readonly leftOut?: { readonly validation: number; readonly test: number };
}

/** Leaves rows of the earlier training out of validation, and of training and validation out of the test, if rows can be recognized. */
export function withoutSeen(parts: Parts<Table>, seen: SeenRows): UnseenParts {
  const [ofTraining, ofBoth] = [recognizer(seen, false), recognizer(seen, true)];
  if (!ofTraining || !ofBoth) return parts;
  for (const isSeen of [ofTraining, ofBoth]) isSeen(parts.train);
  const held = ofTraining(parts.validation);
  ofBoth(parts.validation);
  const [validation, test] = [
    unseen(parts.validation, held, 'validation rows'),
    unseen(parts.test, ofBoth(parts.test), 'test rows'),
  ];
  const leftOut = { validation: parts.validation.size - validation.size, test: parts.test.size - test.size };
  return { train: parts.train, validation, test, leftOut };
}

/** @param isSeen [rows] @param rows what they are, for messages @throws PolytaskError if none is left */
export function unseen(table: Table, isSeen: Uint8Array, rows: string): Table {
  const left = table.subset(allRows(table.size).filter((row) => isSeen[row] === 0));
  if (left.size > 0 || table.size === 0) return left;
  return fail({
    expected: `${rows} that the model wasn't trained on`,
    received: `${table.size} rows, all of which are rows of its training`,
    fix: 'Pass other rows, such as newer ones, or the test rows of the split that the model was trained with.',
  });
}

function matcher(hashes: Float64Array): (hash: number) => boolean {
  const counts = countsOf(hashes);
  return (hash) => {
    const count = counts.get(hash) ?? 0;
    if (count > 0) counts.set(hash, count - 1);
    return count > 0;
  };
}

const ascending = (own: Float64Array, others: Float64Array = new Float64Array()): Float64Array =>
  joinArrays([own, others], Float64Array).sort();

function featureHashes(table: Table): Float64Array {
  const hasher = new RowHasher(table.size);
  for (const name of Object.keys(table.features).sort())
    for (const need of featureNeeds(name, table.features[name]!)) addColumn(hasher, table, need);
  return hasher.finish();
}

function addColumn(hasher: RowHasher, table: Table, { kind, key }: Need): void {
  if (kind === 'numbers') return hasher.add(numberWords(columnIn(table, kind, key)));
  if (kind === 'vectors') {
    const { values, width } = columnIn(table, kind, key);
    return hasher.add(numberWords(values), width);
  }
  const { codes, offsets, dictionary }: Coded = columnIn(table, kind, key);
  const words = dictionary.map(hashOf);
  const wordOf = (code: number) => words[code] ?? MISSING;
  if (!offsets) return hasher.add(Uint32Array.from(codes, wordOf));
  const listWord = (row: number) =>
    codes.subarray(offsets[row], offsets[row + 1]).reduce((sum, code) => Math.imul(sum, 31) + wordOf(code), 1);
  hasher.add(Uint32Array.from({ length: table.size }, (_, row) => listWord(row)));
}

const MISSING = 0x7fc00000;

/** The bits of numbers as Parquet has them, in 32 bits. 0 and −0 are equal, and NaN has one pattern of bits. */
function numberWords(values: ArrayLike<number>): Uint32Array {
  const floats = Float32Array.from(values, (value) => value + 0);
  return new Uint32Array(floats.buffer).map((word, i) => (Number.isNaN(floats[i]) ? MISSING : word));
}

const { number, shaped, text } = checks;
const file = sealedFile(
  'rows.json',
  shaped({ weights: text, alike: number(), training: text, validation: text }),
  'hashes of rows',
  'Copy the folder again, or train again: without the file, nothing knows which rows the model was trained on.',
);

/**
 * Writes the hashes of the rows of a training to the folder of the model, as `rows.json`. They belong to the weights that are there now,
 * which a calibration doesn't change. Needs Node.
 *
 * @example await writeSeenRows('people-model', seenRows(raw));
 */
export async function writeSeenRows(folder: string, { alike, training, validation }: SeenRows): Promise<void> {
  const hashes = { training: packed(training), validation: packed(validation) };
  await file.write(folder, { weights: await weightsOf(folder), alike, ...hashes });
}

/**
 * Reads the hashes of the rows of a training. Needs Node.
 *
 * @returns undefined for a model that was saved without them, and for the hashes of an earlier model
 * @throws PolytaskError for a `rows.json` that was changed
 */
export async function readSeenRows(folder: string): Promise<SeenRows | undefined> {
  const found = await file.read(folder);
  if (!found || found.weights !== (await weightsOf(folder))) return undefined;
  return { alike: found.alike, training: unpacked(found.training), validation: unpacked(found.validation) };
}

const weightsOf = async (folder: string): Promise<string> =>
  (parseJson(await modelJson(folder), `JSON in ${folder}`) as { weights: { sha256: string } }).weights.sha256;

const packed = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

const unpacked = (text: string): Float64Array => new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
