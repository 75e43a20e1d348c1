import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { bytes, fieldsOf, finish, float32, int, message, packed, text } from './messages.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Inner { string text = 1; repeated int64 packed = 2; }
  message Outer {
    int64 int = 1; float float = 2; bytes bytes = 3; repeated Inner inner = 20; fixed64 eight = 4; string last = 500;
  }`);
root.resolveAll(); // lists of numbers are packed, as proto3 says
const Outer = root.lookupType('Outer');

const WHOLE = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 35 + 5, Number.MAX_SAFE_INTEGER, -1, -128, -(2 ** 40)];

it.each(WHOLE)('writes the whole number %d as protobuf.js does', (value) => {
  expect(finish([int(1, value)])).toEqual(Uint8Array.from(Outer.encode({ int: value }).finish()));
  const { value: digits } = fieldsOf(finish([int(1, value), text(500, 'next')]))[0]!;
  expect(digits).toHaveLength(finish([int(1, value)]).length - 1);
});

it('writes texts, floats, bytes, lists and messages in messages as protobuf.js does', () => {
  const large = new Uint8Array(70_000).fill(7); // its length has three digits
  const inner = { text: 'é, 数, 🙂', packed: WHOLE };
  const written = finish([
    int(1, 5),
    float32(2, 0.1),
    bytes(3, large),
    message(20, [text(1, inner.text), packed(2, inner.packed)]),
    message(20, []),
    text(500, ''),
  ]);
  const expected = { int: 5, float: 0.1, bytes: large, inner: [inner, {}], last: '' };
  expect(Buffer.compare(written, Outer.encode(expected).finish())).toBe(0);
});

it('reads fields of every wire type, and writes them again', () => {
  const file = Uint8Array.from(
    Outer.encode({
      int: -5,
      float: 1,
      bytes: Uint8Array.of(1, 2),
      eight: 7,
      inner: [{ text: 'a' }],
      last: 'z',
    }).finish(),
  );
  const fields = fieldsOf(file);
  expect(fields.map(({ field, value }) => [field, value.length])).toEqual([
    [1, 10],
    [2, 4],
    [3, 2],
    [4, 8],
    [20, 3],
    [500, 1],
  ]);
  expect(finish(fields.map(({ whole }) => whole))).toEqual(file);
});

it('refuses a message at each place where it may end too early', () => {
  const file = finish([int(1, 300), float32(2, 1), text(500, 'long enough')]);
  const ends = [0, 3, 8]; // where a field ends
  for (let end = 0; end < file.length; end++) {
    if (ends.includes(end)) expect(() => fieldsOf(file.subarray(0, end))).not.toThrow();
    else expect(() => fieldsOf(file.subarray(0, end))).toThrow('ends within a field');
  }
  expect(() => fieldsOf(Uint8Array.of(0x0b))).toThrow('wire type 3');
});
