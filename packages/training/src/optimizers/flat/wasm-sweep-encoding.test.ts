import { expect, test } from 'vitest';
import { float, unsigned } from '../../bytes.ts';
import { VALUE, wasmModule } from './sweeps.ts';

test('whole numbers in LEB128', () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(127)).toEqual([127]);
  expect(unsigned(128)).toEqual([0x80, 1]);
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]); // the example of the DWARF standard
  expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
});

test('reals, little end first', () => {
  expect(float(1)).toEqual([0, 0, 0x80, 0x3f]);
  expect(float(-0)).toEqual([0, 0, 0, 0x80]);
});

test('a module that WebAssembly takes, with parameters, locals and the memory', () => {
  const bytes = wasmModule({
    parameters: [VALUE.i32, VALUE.f32],
    locals: [VALUE.f32],
    // local 2 = local 1 + local 1; memory[local 0 + 200] = local 2
    body: [0x20, 1, 0x20, 1, 0x92, 0x21, 2, 0x20, 0, 0x20, 2, 0x38, 2, ...unsigned(200)],
  });
  expect(WebAssembly.validate(bytes)).toBe(true);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
  (exports['run'] as (at: number, value: number) => void)(8, 1.5);
  expect(new Float32Array(memory.buffer)[208 / 4]).toBe(3);
});
