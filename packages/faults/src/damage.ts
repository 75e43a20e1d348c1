import fc from 'fast-check';
import type { Files } from './format.ts';

export interface Damage {
  readonly kind: keyof typeof KINDS;
  readonly file: number;
  /** The place in the file, from 0 to 1. */
  readonly place: number;
  readonly length: number;
  /** A byte, or the index of an odd value. */
  readonly value: number;
}

/** @param at the place in the bytes */
type Change = (bytes: Uint8Array, damage: Damage, at: number) => Uint8Array;

const NESTED = 20_000;

/** Texts of JSON that documents rarely have. */
const ODD_VALUES = [
  ...['null', 'true', '0', '-1', '0.5', '1e308', '5e-324', '9007199254740993', '1e9', '[]', '{}', '""'],
  ...['"__proto__"', '"toString"', '"constructor"', '{"__proto__":{"a":1}}', '{"toString":1}', '"../../etc/passwd"'],
  ...['"=cmd|x"', '"\\u001b[31m"', '"\\u0000"', '"<script>"', `${'['.repeat(NESTED)}${']'.repeat(NESTED)}`],
];

const splice = (bytes: Uint8Array, start: number, removed: number, added: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)]);

const NONE = new Uint8Array();

const KINDS = {
  flip: (bytes, { value }, at) => splice(bytes, at, 1, Uint8Array.of(bytes[at]! ^ (1 << (value % 8)))),
  byte: (bytes, { value }, at) => splice(bytes, at, 1, Uint8Array.of(value)),
  zero: (bytes, { length }, at) => Uint8Array.from(bytes).fill(0, at, at + length),
  cut: (bytes, _, at) => bytes.subarray(0, at),
  remove: (bytes, { length }, at) => splice(bytes, at, length, NONE),
  insert: (bytes, { length, value }, at) => splice(bytes, at, 0, new Uint8Array(length).fill(value)),
  repeat: (bytes, { length }, at) => splice(bytes, at, 0, bytes.subarray(at, at + length)),
  /** Another value for a value or key of JSON. */
  token: (bytes, { place, value }) => {
    const text = Buffer.from(bytes).toString('latin1');
    const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g)];
    const token = tokens[Math.floor(place * tokens.length)];
    const odd = Buffer.from(ODD_VALUES[value % ODD_VALUES.length]!);
    return token ? splice(bytes, token.index, token[0].length, odd) : bytes;
  },
} as const satisfies Readonly<Record<string, Change>>;

/** One to three changes of the files of an example. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...(Object.keys(KINDS) as Damage['kind'][])),
    file: fc.nat({ max: 3 }),
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    length: fc.integer({ min: 1, max: 64 }),
    value: fc.nat({ max: 255 }),
  }),
  { minLength: 1, maxLength: 3 },
);

export const damaged = (files: Files, changes: readonly Damage[]): Files =>
  changes.reduce<Files>((before, change) => {
    const names = Object.keys(before);
    const name = names[change.file % names.length]!;
    const bytes = before[name]!;
    if (bytes.length === 0) return before;
    const at = Math.min(bytes.length - 1, Math.floor(change.place * bytes.length));
    const apply: Change = KINDS[change.kind];
    return { ...before, [name]: apply(bytes, change, at) };
  }, files);
