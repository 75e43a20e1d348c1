import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import wabt from 'wabt';
import { BinnedColumns, firstCell, TILE } from '../bins/binned-columns.ts';
import { boost, boostInRounds } from '../boost.ts';
import { SUMS } from './histogram.ts';
import { draws } from '../testing/tables.ts';
import { LEAF_LOOPS } from './leaf-loops-wasm.ts';
import { leafLoops, loopsInJavaScript } from './leaf-loops.ts';

const ROWS = 500;

/** Columns of 3 to 9 bins, and derivatives. */
function tableOf(width: number) {
  const all = draws(width, ROWS, width + 2);
  const column = (c: number) =>
    Array.from({ length: ROWS }, (_, row) => Math.floor(all[c * ROWS + row]! * (3 + (c % 7))));
  const binned = BinnedColumns.of(Object.fromEntries(Array.from({ length: width }, (_, c) => [`x${c}`, column(c)])));
  let first = 0;
  const columns = binned.bins.map((_, c) => {
    const missing = binned.missingBin(c);
    first += missing + 1;
    return { name: `x${c}`, missing, categorical: false, first: first - missing - 1 };
  });
  const at = (place: number) => Float32Array.from(all.subarray((width + place) * ROWS, (width + place + 1) * ROWS));
  return { binned, columns, derivatives: [{ gradients: at(0).map((x) => x - 0.5), hessians: at(1) }], histograms: 3 };
}

test.each([1, 3, 4, 5, 11])('sums of %i columns are those of a loop over rows, bit for bit', (width) => {
  const table = tableOf(width);
  const { gradients, hessians } = table.derivatives[0]!;
  const cells = table.binned.table.slice();
  const some = Uint32Array.from([...Array(ROWS).keys()].filter((row) => row % 3 > 0));
  const expected = new Float64Array((table.columns.at(-1)!.first + table.columns.at(-1)!.missing + 1) * SUMS);
  for (const row of some.subarray(7, 300))
    table.columns.forEach(({ first }, c) => {
      const bin = (first + cells[firstCell(row, width) + c * TILE]!) * SUMS;
      expected[bin]! += gradients[row]!;
      expected[bin + 1]! += hessians[row]!;
      expected[bin + 2]! += 1;
    });
  for (const loops of [loopsInJavaScript(table), leafLoops(table)]) {
    loops.rows.set(some);
    const [other, sums] = [loops.histogram(), loops.histogram()];
    loops.fill(other, 0, 0, ROWS);
    for (let again = 0; again < 2; again++) loops.fill(sums, 0, 7, 300);
    expect(sums).toEqual(expected);
    const goesLeft = Uint8Array.from({ length: 256 }, (_, bin) => (bin % 2 ? 0 : 1));
    const isLeft = (row: number) => goesLeft[cells[firstCell(row, width) + (width - 1) * TILE]!] === 1;
    const middle = loops.partition(7, 300, width - 1, goesLeft);
    const [before, own] = [some.subarray(0, 7), [...some.subarray(7, 300)]];
    const sorted = [...before, ...own.filter(isLeft), ...own.filter((row) => !isLeft(row)), ...some.subarray(300)];
    expect([...loops.rows.subarray(0, some.length)]).toEqual(sorted);
    expect(middle).toBe(7 + own.filter(isLeft).length);
  }
});

test('the WebAssembly is leaf-loops.wat', async () => {
  const text = readFileSync(new URL('leaf-loops.wat', import.meta.url), 'utf8');
  const { buffer } = (await wabt()).parseWat('leaf-loops.wat', text, { simd: true, bulk_memory: true }).toBinary({});
  expect(LEAF_LOOPS, 'run npm run write-kernel').toBe(Buffer.from(buffer).toString('base64'));
});

const labels = Float64Array.from({ length: ROWS }, (_, row) => Math.sin(row) + (row % 5));
const options = { objective: 'regression', labels, minDataInLeaf: 5, numIterations: 8 } as const;

test('without WebAssembly, the same model', () => {
  const expected = JSON.stringify(boost({ ...options, columns: tableOf(6).binned }));
  vi.stubGlobal('WebAssembly', undefined);
  try {
    expect(JSON.stringify(boost({ ...options, columns: tableOf(6).binned }))).toBe(expected);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('two trainings on the same columns, round by round, are those of one after the other', () => {
  const { binned } = tableOf(6);
  const trainings = [{ numLeaves: 3 }, { numLeaves: 40, minDataInLeaf: 2 }].map((own) => ({ ...options, ...own }));
  const expected = trainings.map((own) => JSON.stringify(boost({ ...own, columns: tableOf(6).binned })));
  const rounds = trainings.map((own) => boostInRounds({ ...own, columns: binned }));
  const models: string[] = [];
  while (models.length < 2)
    rounds.forEach((each, i) => {
      const { done, value } = each.next();
      if (done && value) models[i] = JSON.stringify(value);
    });
  expect(models).toEqual(expected);
});
