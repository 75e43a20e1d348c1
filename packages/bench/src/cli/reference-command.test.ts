import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, writeSafetensors, type NamedTensor } from '@polytask/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';

const fixture = (file: string) =>
  fileURLToPath(new URL(`../../../reference/src/testing/cases/${file}`, import.meta.url));

let directory: string;
const inside = (file: string) => path.join(directory, file);
beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-reference-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['reference', ...argv, '--engine', 'cpu'], io);
  return { code, out: out(), err: err() };
}

/** A copy of a case with some tensors changed, and some fields. */
async function changed(change: (tensors: Record<string, NamedTensor>) => void, fields: object = {}): Promise<string> {
  const { tensors } = readSafetensors(await readFile(fixture('cgc-one-row.safetensors')));
  change(tensors);
  await writeFile(inside('c.safetensors'), writeSafetensors(tensors));
  const configuration = JSON.parse(await readFile(fixture('cgc-one-row.json'), 'utf8')) as object;
  await writeFile(inside('c.json'), JSON.stringify({ ...configuration, ...fields }));
  return inside('c.json');
}

test('a table with a row a case, and what was computed as safetensors', async () => {
  const { code, out, err } = await run(
    fixture('ple-uneven.json'),
    fixture('cross-stitch.json'),
    '--out',
    inside('out'),
  );
  expect(code).toBe(0);
  expect(out).toMatch(
    /^2 cases on cpu: all within the tolerance\n\ncase +logits +task losses +gradients +loss curve +trained logits\n/,
  );
  expect(out).toMatch(/^ple-uneven +(\d\.\de[+-]\d+ \| \d\.\de[+-]\d+ *){5}$/m);
  expect(err).toBe(`Written: 2 safetensors files in ${inside('out')}\n`);
  const given = readSafetensors(await readFile(fixture('ple-uneven.safetensors'))).tensors;
  const { tensors } = readSafetensors(await readFile(inside('out/ple-uneven.safetensors')));
  const { input: _, labels: __, ...computed } = given;
  expect(Object.keys(tensors)).toEqual(Object.keys(computed));
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    expect([name, shape]).toEqual([name, given[name]!.shape]);
    if (name.startsWith('param.')) expect(data).toEqual(given[name]!.data);
  }
  expect(tensors['trained.mtl_arch.experts.0.0.mlp_net.0.weight']!.data).not.toEqual(
    tensors['param.mtl_arch.experts.0.0.mlp_net.0.weight']!.data,
  );
});

test('--json is a line a case', async () => {
  const { code, out, err } = await run(fixture('cgc-one-row.json'), fixture('mmoe-one-expert.json'), '--json');
  expect([code, err]).toEqual([0, '']);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { errors: object });
  expect(lines).toMatchObject([
    { case: 'cgc-one-row', engine: 'cpu', failed: [] },
    { case: 'mmoe-one-expert', engine: 'cpu', failed: [] },
  ]);
  expect(Object.keys(lines[0]!.errors)).toEqual(['logits', 'task_losses', 'gradients', 'loss_curve', 'trained_logits']);
});

test('past the tolerance the exit code is 1 and the tensor is named', async () => {
  const gradient = 'grad.task_modules.1.1.weight';
  const path = await changed((tensors) => void (tensors[gradient]!.data[0]! += 1e-3));
  const { code, out } = await run(path);
  expect(code).toBe(1);
  expect(out).toContain('1 case on cpu: 1 past the tolerance');
  expect(out).toMatch(/^c .* ✗ /m);
  expect(out).toContain(`c: gradients is off in ${gradient}\n`);
});

test('a half of a case is told what is missing, before anything runs', async () => {
  await copyFile(fixture('cgc-one-row.json'), inside('half.json'));
  const { code, out, err } = await run(fixture('cgc-one-row.json'), inside('half.json'));
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(
    `${inside('half.safetensors')}, received no such file. A case is two files of one name, NAME.json and NAME.safetensors`,
  );
});

test.each<[string, () => Promise<string>, string]>([
  [
    'a torn file',
    async () => {
      const path = await changed(() => {});
      const bytes = await readFile(inside('c.safetensors'));
      await writeFile(inside('c.safetensors'), bytes.subarray(0, bytes.length - 9));
      return path;
    },
    'is truncated',
  ],
  [
    'a file of another case',
    () => changed((tensors) => void (tensors['labels'] = tensors['input']!)),
    '"labels" is [1,4], not [1,2]. Generate both again.',
  ],
  [
    'a file without an output',
    () => changed((tensors) => void delete tensors['loss_curve']),
    'missing "loss_curve" [4,2]',
  ],
  [
    'a state dict that lacks a tensor',
    () => changed((tensors) => void delete tensors['param.task_modules.0.1.bias']),
    'missing "task_modules.0.1.bias" [1]',
  ],
  [
    'an unknown field',
    () => changed(() => {}, { dropout: 0.1 }),
    'c.json: Expected an option of configuration, received "dropout". Known: "model"',
  ],
  ['no Adam', () => changed(() => {}, { adam: undefined }), 'Expected adam in'],
  [
    'a file that is no JSON',
    async () => {
      const path = await changed(() => {});
      await writeFile(path, '{"model": ');
      return path;
    },
    'c.json, received other text',
  ],
  [
    'the wrong one of the two files',
    () => Promise.resolve(fixture('cgc-one-row.safetensors')),
    'Expected a case, the path of its .json file',
  ],
])('%s is an error that says what to do', async (_, make, message) => {
  const { code, out, err } = await run(await make());
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(message);
});

test('two cases of one name would be written into one file', async () => {
  const path = fixture('cgc-one-row.json');
  const { code, err } = await run(path, path, '--out', inside('out'));
  expect(code).toBe(1);
  expect(err).toContain('received "cgc-one-row" twice');
});

test('no case at all is a usage error', async () => {
  expect(await run()).toMatchObject({
    code: 2,
    err: expect.stringContaining("missing required argument 'cases'") as string,
  });
});
