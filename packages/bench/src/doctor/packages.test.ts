import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examinePackages } from './packages.ts';

let directory: string;
beforeEach(async () => void (directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'polytask-doctor-')))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (place: string) => path.join(directory, place);

/** Installs a package in a folder of the project. @returns its directory */
async function install(place: string, name: string, version: string) {
  const folder = path.join(at(place), 'node_modules', name);
  await mkdir(folder, { recursive: true });
  // no entry point: it can't be resolved, and is found nevertheless
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name, version, exports: {} }));
  return folder;
}

const examine = (project = directory, program = at('node_modules/@polytask/bench/dist/cli.js')) => {
  const { polytask, others } = examinePackages(project, program);
  const text = ({ name, version }: { name: string; version: string }) => `${name} ${version}`;
  return { polytask: polytask.map(text), others: others.map(text) };
};

test('finds the packages of the program and the project, each once', async () => {
  await install('.', '@polytask/bench', '1.0.0');
  await install('.', '@polytask/core', '1.0.0');
  await install('.', 'polytask', '1.0.0');
  await install('.', '@tensorflow/tfjs', '4.22.0');
  await install('.', 'onnxruntime-web', '1.30.0');
  await install('.', 'left-pad', '1.0.0');
  expect(examine(at('a/folder/inside'))).toEqual({
    polytask: ['@polytask/bench 1.0.0', '@polytask/core 1.0.0', 'polytask 1.0.0'],
    others: ['@tensorflow/tfjs 4.22.0', 'onnxruntime-web 1.30.0'],
  });
});

test('finds the copies that a package has for itself, of core and of TF.js', async () => {
  await install('.', '@polytask/bench', '1.0.0');
  await install('.', '@polytask/core', '1.0.0');
  await install('.', '@tensorflow/tfjs', '4.22.0');
  await install('node_modules/@polytask/bench', '@polytask/core', '0.9.0');
  await install('node_modules/@tensorflow/tfjs', '@tensorflow/tfjs-core', '4.22.0');
  await install('.', '@tensorflow/tfjs-core', '4.21.0');
  expect(examine()).toEqual({
    polytask: ['@polytask/bench 1.0.0', '@polytask/core 0.9.0', '@polytask/core 1.0.0'],
    others: ['@tensorflow/tfjs 4.22.0', '@tensorflow/tfjs-core 4.21.0', '@tensorflow/tfjs-core 4.22.0'],
  });
});

test('one package by two links is one copy', async () => {
  const core = await install('store', '@polytask/core', '1.0.0');
  for (const place of ['.', 'project']) {
    await mkdir(at(`${place}/node_modules/@polytask`), { recursive: true });
    await symlink(core, at(`${place}/node_modules/@polytask/core`));
  }
  expect(examine(at('project'), at('index.js')).polytask).toEqual(['@polytask/core 1.0.0']);
});

test('an empty folder has none', () => {
  expect(examine()).toEqual({ polytask: [], others: [] });
});
