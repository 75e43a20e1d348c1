/** Messages in the wire format of protocol buffers, as far as a file of trees needs it. Field numbers are those of `onnx.proto3`. */
export type Bytes = Uint8Array;

/** A whole number. */
export const int = (field: number, value: number): Bytes => join([varint(field * 8), varint(value)]);
export const bytes = (field: number, value: Bytes): Bytes => join([varint(field * 8 + 2), varint(value.length), value]);
/** A text in UTF-8. */
export const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));
/** A message within another one. */
export const message = (field: number, fields: readonly Bytes[]): Bytes => bytes(field, join(fields));
/** Integers in one field. */
export const packed = (field: number, values: readonly number[]): Bytes => bytes(field, join(values.map(varint)));
/** Numbers of 32 bits in one field, or one such number. */
export const floats = (field: number, values: readonly number[]): Bytes => bytes(field, littleEndian(values, 4));
export const float = (field: number, value: number): Bytes => join([varint(field * 8 + 5), littleEndian([value], 4)]);

/** The bytes of numbers of 32 or 64 bits. */
export function littleEndian(values: readonly number[], width: 4 | 8): Bytes {
  const view = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((value, i) =>
    width === 4 ? view.setFloat32(i * 4, value, true) : view.setFloat64(i * 8, value, true),
  );
  return new Uint8Array(view.buffer);
}

export function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Seven bits a byte, the lowest first. A negative number has the 64 bits of its two's complement. */
function varint(value: number): Bytes {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...digits, Number(rest)]);
}
