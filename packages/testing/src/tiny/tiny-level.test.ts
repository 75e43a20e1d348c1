import { expect, it } from 'vitest';
import { rawReader } from '../fixtures/flawed-experts.ts';
import { tinyBank } from './tiny-level.ts';

it("has the network's input that it is given, else its first rows", () => {
  const bank = tinyBank(rawReader(), { members: ['a.0', 'b.0'], inputDim: 1 });
  bank.write('e.kernel', new Array(8).fill(0));
  bank.write('e.bias', new Array(8).fill(0));
  const rows = [[[4]], [[9]]];
  expect(bank.run(rows, { raw: [[1, 2, 3]] })).toEqual([[[2, 2, 2, 2]], [[2, 2, 2, 2]]]);
  expect(bank.run(rows)).toEqual([[[4, 4, 4, 4]], [[4, 4, 4, 4]]]);
});
