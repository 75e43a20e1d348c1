import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineInstallations } from './facts.ts';

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
  const text = ({ name, version }: { name: string; version: string }) => `${name} ${version}`;
  return examineInstallations(project, program).map(({ of, polytask, others }) => ({
    of,
    polytask: polytask.map(text),
    others: others.map(text),
  }));
};

test('finds the packages of the program and the project, each once', async () => {
  await install('.', '@polytask/bench', '1.0.0');
  await install('.', '@polytask/core', '1.0.0');
  await install('.', 'polytask', '1.0.0');
  await install('.', '@tensorflow/tfjs', '4.22.0');
  await install('.', 'onnxruntime-web', '1.30.0');
  await install('.', 'left-pad', '1.0.0');
  expect(examine(at('a/folder/inside'))).toEqual([
    {
      of: 'command and project',
      polytask: ['@polytask/bench 1.0.0', '@polytask/core 1.0.0', 'polytask 1.0.0'],
      others: ['@tensorflow/tfjs 4.22.0', 'onnxruntime-web 1.30.0'],
    },
  ]);
});

test('finds the copies that a package has for itself, of core and of TF.js', async () => {
  await install('.', '@polytask/bench', '1.0.0');
  await install('.', '@polytask/core', '1.0.0');
  await install('.', '@tensorflow/tfjs', '4.22.0');
  await install('node_modules/@polytask/bench', '@polytask/core', '0.9.0');
  await install('node_modules/@tensorflow/tfjs', '@tensorflow/tfjs-core', '4.22.0');
  await install('.', '@tensorflow/tfjs-core', '4.21.0');
  expect(examine()).toEqual([
    {
      of: 'command and project',
      polytask: ['@polytask/bench 1.0.0', '@polytask/core 0.9.0', '@polytask/core 1.0.0'],
      others: ['@tensorflow/tfjs 4.22.0', '@tensorflow/tfjs-core 4.21.0', '@tensorflow/tfjs-core 4.22.0'],
    },
  ]);
});

test('one package by two links is one copy', async () => {
  const core = await install('store', '@polytask/core', '1.0.0');
  for (const place of ['.', 'project']) {
    await mkdir(at(`${place}/node_modules/@polytask`), { recursive: true });
    await symlink(core, at(`${place}/node_modules/@polytask/core`));
  }
  await symlink(await install('store', '@polytask/bench', '1.0.0'), at('project/node_modules/@polytask/bench'));
  expect(examine(at('project'), at('store/node_modules/@polytask/bench/dist/cli.js'))).toMatchObject([
    { of: 'command and project', polytask: ['@polytask/bench 1.0.0', '@polytask/core 1.0.0'] },
  ]);
});

test('a global command and the project have an installation each', async () => {
  const command = at('global/node_modules/@polytask/bench/dist/cli.js');
  await install('global', '@polytask/bench', '1.1.0');
  await install('global', '@polytask/core', '1.1.0');
  expect(examine(at('project'), command)).toEqual([
    { of: 'command', polytask: ['@polytask/bench 1.1.0', '@polytask/core 1.1.0'], others: [] },
  ]);
  await install('project', '@polytask/core', '1.0.0');
  expect(examine(at('project'), command).map(({ of, polytask }) => [of, ...polytask])).toEqual([
    ['command', '@polytask/bench 1.1.0', '@polytask/core 1.1.0'],
    ['project', '@polytask/core 1.0.0'],
  ]);
  await install('project', '@polytask/bench', '1.0.0'); // the global command is another one
  expect(examine(at('project'), command).map(({ of }) => of)).toEqual(['command', 'project']);
});

test("finds pnpm's packages, which only the package that imports them can see", async () => {
  const store = 'project/node_modules/.pnpm/polytask@1.0.0';
  const [bench, polytask] = [
    await install(store, '@polytask/bench', '1.0.0'),
    await install(store, 'polytask', '1.0.0'),
  ];
  await symlink(polytask, at('project/node_modules/polytask'));
  expect(examine(at('project'), path.join(bench, 'dist/cli.js'))).toMatchObject([
    { of: 'command and project', polytask: ['@polytask/bench 1.0.0', 'polytask 1.0.0'] },
  ]);
});

test('an empty folder has none', () => {
  expect(examine()).toEqual([{ of: 'command', polytask: [], others: [] }]);
});
