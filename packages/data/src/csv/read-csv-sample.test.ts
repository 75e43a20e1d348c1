import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCsvSample } from './read-csv-sample.ts';

const TEXT = `x,city\n${Array.from({ length: 5000 }, (_, i) => `${i},Köln\n`).join('')}`;
const BYTES = new TextEncoder().encode(TEXT);

/** The bytes in pieces, and how many were taken. */
function source(bytes: Uint8Array, piece = 1001) {
  const state = { taken: 0, closed: false };
  async function* pieces() {
    try {
      for (let start = 0; start < bytes.length; start += piece) {
        state.taken++;
        yield bytes.subarray(start, start + piece);
        await Promise.resolve();
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, pieces: pieces() };
}

describe('readCsvSample', () => {
  it('gives the whole of a small file', async () => {
    expect(await readCsvSample(source(BYTES).pieces)).toEqual({ text: TEXT, whole: true, encoding: 'utf-8' });
    expect(await readCsvSample(new Blob([BYTES]))).toMatchObject({ text: TEXT, whole: true });
  });

  it('reads no more pieces than it needs, closes the source, and cuts no character in two', async () => {
    for (const bytes of [4000, 4004, 4005, 4006, 4010]) {
      const { state, pieces } = source(BYTES, bytes);
      const { text, whole } = await readCsvSample(pieces, { bytes });
      expect([state, whole]).toEqual([{ taken: 1, closed: true }, false]);
      expect(TEXT.startsWith(text)).toBe(true);
      expect(new TextEncoder().encode(text).length).toBeGreaterThanOrEqual(bytes - 1);
    }
  });

  it.each([
    ['gzip', gzipSync(BYTES)],
    ['brotli', brotliCompressSync(BYTES)],
  ] as const)('unpacks %s, all or the beginning', async (compression, packed) => {
    expect(await readCsvSample(source(packed).pieces, { compression })).toMatchObject({ text: TEXT, whole: true });
    const { text, whole } = await readCsvSample(source(packed).pieces, { compression, bytes: 100 });
    expect([whole, TEXT.startsWith(text), text.length >= 99]).toEqual([false, true, true]);
  });

  it('refuses what is not in the encoding that was named', async () => {
    const latin = Uint8Array.of(0x78, 0x0a, 0xf6, 0x0a);
    await expect(readCsvSample(source(latin).pieces, { encoding: 'utf-8' })).rejects.toThrow('Expected utf-8 text');
    expect(await readCsvSample(source(latin).pieces)).toMatchObject({ text: 'x\nö\n', encoding: 'windows-1252' });
  });
});
