import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolytaskError } from '@polytask/components';
import { readSafetensors, SafetensorsReader } from './safetensors-reader.ts';
import { writeSafetensors, type NamedTensor } from './safetensors.ts';

const f32 = (shape: number[], values: number[]): NamedTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});
const sample = {
  a: f32([2, 2], [1, -2, 3.5, NaN]),
  b: { dtype: 'int32' as const, shape: [3], data: Int32Array.of(1, 2, -3) },
};

/** A file with this header and this many bytes of numbers. */
function file(header: unknown, body = 16): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe('safetensors', () => {
  it('gives back what was written, bit for bit', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(sample, { format: 'polytask' }));
    expect(tensors).toEqual(sample);
    expect(metadata).toEqual({ format: 'polytask' });
  });

  it('does so for any shapes and values, empty ones too', () => {
    const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return fc.array(fc.float(), { minLength: size, maxLength: size }).map((values) => f32(shape, values));
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tensor), (tensors) => {
        expect(Object.entries(readSafetensors(writeSafetensors(tensors)).tensors)).toEqual(Object.entries(tensors));
      }),
    );
  });

  it('does so from parts of any size, and has all faults wait for the end', () => {
    const read = (bytes: Uint8Array, size: number, claimed = bytes.length) => {
      const reader = new SafetensorsReader(claimed, 'it');
      for (let from = 0; from < bytes.length; from += size) reader.add(bytes.subarray(from, from + size));
      return reader.finish();
    };
    const tensors = { ...sample, none: f32([0], []), late: f32([1], [5]) };
    const bytes = writeSafetensors(tensors, { format: 'polytask' });
    for (const size of [1, 3, 8, 50, bytes.length]) {
      expect(read(bytes, size)).toEqual({ tensors, metadata: { format: 'polytask' } });
      expect(() => read(bytes, size, bytes.length - 1)).toThrow('it is truncated: tensor "late"');
      expect(() => read(bytes.subarray(0, -1), size, bytes.length)).toThrow('it was cut while it was read');
      expect(() => read(file('{nope'), size)).toThrow('its header is not JSON');
    }
  });

  it('joins the arrays of a tensor', () => {
    const parts = {
      dtype: 'int32',
      shape: [3],
      data: [Int32Array.of(1, 2), Int32Array.of(), Int32Array.of(3)],
    } as const;
    expect(readSafetensors(writeSafetensors({ parts })).tensors['parts']!.data).toEqual(Int32Array.of(1, 2, 3));
  });

  it('keeps a name that objects treat in a special way', () => {
    const tensors = Object.fromEntries([['__proto__', f32([1], [7])]]);
    expect(Object.entries(readSafetensors(writeSafetensors(tensors)).tensors)).toEqual([['__proto__', f32([1], [7])]]);
  });

  it('refuses tensors that overlap or leave a gap, and metadata that is no text', () => {
    const entry = (begin: number) => ({ dtype: 'F32', shape: [2], data_offsets: [begin, begin + 8] });
    expect(readSafetensors(file({ a: entry(0), b: entry(8) })).tensors['b']!.data).toHaveLength(2);
    expect(() => readSafetensors(file({ a: entry(0), b: entry(4) }))).toThrow(
      'tensor "b" starts at byte 4 of the numbers, not at 8',
    );
    expect(() => readSafetensors(file({ a: entry(4), b: entry(8) }))).toThrow('tensor "a" starts at byte 4');
    for (const metadata of [{ step: 3 }, ['a'], 'a', null]) {
      expect(() => readSafetensors(file({ __metadata__: metadata }, 0))).toThrow("metadata that isn't strings by name");
    }
  });

  it('is the format that others read: header length, JSON, numbers from an aligned place', () => {
    const bytes = writeSafetensors({ w: f32([1], [1]) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]); // 1.0f, little-endian
  });

  it('reads from the middle of a larger buffer', () => {
    const bytes = writeSafetensors(sample);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3)).tensors).toEqual(sample);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'is not a safetensors file: it has 0 bytes'],
    ['text', new TextEncoder().encode('<!doctype html><html></html>'), 'is not a safetensors file: its first 8 bytes'],
    ['a header past the end', file({}).subarray(0, 9), 'is not a safetensors file: its header should have 2 bytes'],
    ['no JSON', file('{nope'), 'its header is not JSON'],
    ['a list', file('[1]'), 'its header is not a JSON object'],
    ['another dtype', file({ a: { dtype: 'F16', shape: [8], data_offsets: [0, 16] } }), 'has dtype "F16"'],
    ['a prototype as dtype', file({ a: { dtype: 'constructor', shape: [4], data_offsets: [0, 16] } }), 'has dtype'],
    ['a negative side', file({ a: { dtype: 'F32', shape: [-4], data_offsets: [0, 16] } }), 'has shape [-4]'],
    [
      'offsets back to front',
      file({ a: { dtype: 'F32', shape: [4], data_offsets: [16, 0] } }),
      'has data_offsets [16,0]',
    ],
    [
      'a shape that lies',
      file({ a: { dtype: 'F32', shape: [5], data_offsets: [0, 16] } }),
      'takes 20 bytes, its offsets span 16',
    ],
    [
      'offsets past the end',
      file({ a: { dtype: 'F32', shape: [8], data_offsets: [0, 32] } }),
      'is truncated: tensor "a"',
    ],
    [
      'bytes that belong to nobody',
      file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }),
      'its header accounts for 8',
    ],
    ['a null entry', file({ a: null }), 'tensor "a" has dtype undefined'],
  ])('says what is wrong with %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(PolytaskError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it('throws its own error, or reads the numbers, for any file cut anywhere', () => {
    const bytes = writeSafetensors(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSafetensors(bytes.slice(0, length))).toThrow(PolytaskError);
    }
  });
});
