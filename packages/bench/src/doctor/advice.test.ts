import { expect, test } from 'vitest';
import { adviceOn } from './advice.ts';
import type { Facts } from './facts.ts';

const installed = (name: string, version: string, place = 'here') => ({
  name,
  version,
  directory: `/${place}/node_modules/${name}`,
});

/** An installation that is as it should be. */
const sound: Facts = {
  machine: {
    node: '20.19.0',
    system: 'linux 6.1 x64',
    glibc: true,
    processor: 'EPYC',
    cores: 1,
    memory: { total: 8e9, free: 8e9 },
  },
  installations: [
    {
      of: 'command and project',
      polytask: [installed('@polytask/bench', '1.2.0'), installed('@polytask/core', '1.2.0')],
      others: [installed('@tensorflow/tfjs', '4.22.0'), installed('onnxruntime-node', '1.30.0')],
    },
  ],
  engines: [
    { name: 'compiled', description: '' },
    { name: 'compiled-wasm', description: '' },
  ],
};
const {
  machine,
  installations: [whole],
  engines,
} = sound;
const failing = (failure: string): Facts['engines'] => [{ ...engines[0]!, failure }, engines[1]!];

test('there is none on a sound installation', () => {
  expect(adviceOn(sound)).toEqual([]);
  expect(adviceOn({ ...sound, machine: { ...machine, node: '22.0.0' } })).toEqual([]);
});

test.each(['18.20.0', '20.18.3'])('Node %s is too old', (node) => {
  expect(adviceOn({ ...sound, machine: { ...machine, node } })).toMatchObject([
    { kind: 'old-node', severity: 'warning', message: `Node ${node} is too old: Polytask needs 20.19 or newer.` },
  ]);
});

test('two copies of core are wrong, with their places; so are two of TF.js', () => {
  const twice = (field: 'polytask' | 'others', name: string, version: string): Facts => ({
    ...sound,
    installations: [{ ...whole, [field]: [...whole[field], installed(name, version, 'there')] }],
  });
  expect(adviceOn(twice('polytask', '@polytask/core', '1.2.0'))).toMatchObject([
    {
      ...{ kind: 'two-copies', severity: 'warning' },
      message:
        'There are 2 copies of @polytask/core: 1.2.0 in /here/node_modules/@polytask/core, ' +
        '1.2.0 in /there/node_modules/@polytask/core. A component of one copy may not fit the other.',
      remedy: { command: 'npm ls @polytask/core && npm dedupe' },
    },
  ]);
  expect(adviceOn(twice('others', '@tensorflow/tfjs', '4.21.0'))).toMatchObject([
    { kind: 'two-copies', remedy: { command: 'npm ls @tensorflow/tfjs && npm dedupe' } },
  ]);
});

test('a core of the command and another one of the project are no fault; two in the project are', () => {
  const command = { ...whole, of: 'command' } as const;
  const project = { ...whole, of: 'project', polytask: [installed('@polytask/core', '1.1.0', 'project')] } as const;
  expect(adviceOn({ ...sound, installations: [command, project] })).toEqual([]);
  const two = { ...project, polytask: [...project.polytask, installed('@polytask/core', '1.1.0', 'nested')] };
  expect(adviceOn({ ...sound, installations: [command, two] })).toMatchObject([
    { kind: 'two-copies', message: expect.stringMatching(/1\.1\.0 in \/project.*1\.1\.0 in \/nested/) as string },
  ]);
});

test('packages of several versions are brought to the newest, as numbers', () => {
  const polytask = [
    installed('@polytask/core', '1.10.0'),
    installed('@polytask/data', '1.9.0'),
    installed('@polytask/data', '1.8.0', 'there'),
  ];
  expect(adviceOn({ ...sound, installations: [{ ...whole, polytask }] })).toMatchObject([
    {
      ...{ kind: 'several-versions', severity: 'warning' },
      message:
        'All packages of Polytask have one version, and 1.10.0 is installed beside ' +
        '@polytask/data 1.9.0, @polytask/data 1.8.0.',
      remedy: { command: 'npm install @polytask/data@1.10.0' },
    },
  ]);
});

test('a missing native runtime would be faster, and so would one that loads', () => {
  const slow = {
    kind: 'slow-engine',
    severity: 'note',
    remedy: { command: 'npm install --ignore-scripts onnxruntime-node' },
  };
  const missing = { ...sound, installations: [{ ...whole, others: [] }] as const, engines: failing('Cannot find it') };
  expect(adviceOn(missing)).toMatchObject([
    {
      ...slow,
      message: 'Training runs on compiled-wasm; compiled is several times faster, and needs onnxruntime-node.',
    },
  ]);
  expect(adviceOn({ ...sound, engines: failing('wrong ELF class') })).toMatchObject([
    {
      ...slow,
      message:
        "Training runs on compiled-wasm; compiled is several times faster, but doesn't run here: wrong ELF class.",
    },
  ]);
});

test.each([
  ['linux 6.1 x64', false],
  ['darwin 24.1.0 x64', true],
])('on %s without a binary there is nothing to install', (system, glibc) => {
  const [advice] = adviceOn({ ...sound, machine: { ...machine, system, glibc }, engines: failing('no') });
  expect(advice).toMatchObject({
    ...{ kind: 'slow-engine', severity: 'note' },
    message: expect.stringContaining(`onnxruntime-node has no binary for this system (${system}).`) as string,
  });
  expect(advice).not.toHaveProperty('remedy');
});

test('without any engine, that is wrong', () => {
  const none = engines.map((engine) => ({ ...engine, failure: 'no' }));
  expect(adviceOn({ ...sound, engines: none })).toMatchObject([
    { kind: 'no-engine', severity: 'warning', message: 'No engine runs, so nothing can be trained.' },
  ]);
});

test.each([
  [8, 64, 8],
  [8, 3.9, 3],
])('%i cores and %d GB free are enough for %i workers', (cores, gigabytes, workers) => {
  const free = gigabytes * 2 ** 30;
  expect(adviceOn({ ...sound, machine: { ...machine, cores, memory: { total: 2 * free, free } } })).toMatchObject([
    { kind: 'one-worker', severity: 'note', remedy: { command: `polytask bench --workers ${workers}` } },
  ]);
});
