import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { contentKey, type DataRequest } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePeople } from '../testing/people.ts';
import { compareFolder, directoryManifest, isSound } from './data-manifest.ts';
import { referenceOf, resolveRequest } from './job-references.ts';
import { jobId, readJob, type TrialJob } from './trial-job.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  for (const name of ['one', 'two']) {
    await mkdir(at(name, 'suites'), { recursive: true });
    await writePeople(at(name));
    await writeFile(at(name, 'suites', 'suite.json'), '{"name": "mine", "extends": "../people.json"}');
    await writeFile(at(name, 'suites', 'suite.ts'), 'export {}');
    await writeFile(at(name, '.hidden'), 'not data');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(folder, ...names);

const requestIn = (name: string): DataRequest => ({
  ...{ suite: 'mine', limitRows: undefined, data: {}, tasks: undefined, directory: at(name) },
  files: [at(name, 'people.json'), at(name, 'suites', 'suite.json'), at(name, 'suites', 'suite.ts')],
});
const jobOf = async (name: string) => {
  const { request, modules, ...data } = await referenceOf(requestIn(name));
  return { spec: { request, measures: 'test' }, needs: { versions: {}, modules, ...data } } as unknown as TrialJob;
};

test('a request names its files by their content: jobs of two folders have one id, until a row changes', async () => {
  const { request, files, directory, modules } = await referenceOf(requestIn('one'));
  expect(request.files.slice(0, 2)).toEqual(['people.json', 'suites/suite.json']);
  expect(files!.files.map((file) => file.path)).toEqual(['people.csv', 'people.json', 'suites/suite.json']);
  expect(directory!.files.map((file) => file.path)).not.toContain('.hidden');
  expect(modules.map(({ name }) => name)).toEqual(['suite.ts']);
  const id = jobId(await jobOf('one'));
  expect(id).toMatch(/^test-[0-9a-f]{16}$/);
  expect(jobId(await jobOf('two'))).toBe(id);
  await writePeople(at('two'), 40);
  expect(jobId(await jobOf('two'))).not.toBe(id);
  expect(await compareFolder(at('two'), files!)).toEqual({ different: 'people.csv' });
  expect(await compareFolder(at('one'), files!)).toEqual({ all: true });
  expect(await compareFolder(at('none'), files!)).toEqual({ missing: 'people.csv' });
});

test('a worker gets its own paths, and a job cannot choose another file to read or import', async () => {
  const { request, ...data } = await referenceOf(requestIn('one'));
  const places = {
    folderOf: () => Promise.resolve(at('one')),
    moduleOf: (sha256: string) => `/own/${sha256.length}.ts`,
  };
  expect(await resolveRequest({ request, ...data }, places)).toMatchObject({
    files: [at('one', 'people.json'), at('one', 'suites', 'suite.json'), '/own/64.ts'],
    directory: at('one'),
  });
  for (const file of ['../secret.json', 'suites/suite.ts', 'people.csv', '/etc/passwd.json']) {
    const forged = { ...request, files: [file] };
    await expect(resolveRequest({ request: forged, ...data }, places)).rejects.toThrow(`received "${file}"`);
  }
});

test('a JSON file that leads to a file outside of the manifest is refused, also by a second one', async () => {
  const { request, files } = await referenceOf(requestIn('one'));
  const places = { folderOf: () => Promise.resolve(at('one')), moduleOf: () => '' };
  const without = (name: string) => ({ ...files!, files: files!.files.filter((each) => each.path !== name) });
  for (const [of, needs] of [
    ['people.json', 'people.csv'],
    ['suites/suite.json', 'people.csv'],
    ['suites/suite.json', 'people.json'],
  ] as const) {
    const job = { request: { ...request, files: [of] }, files: without(needs), directory: undefined };
    await expect(resolveRequest(job, places)).rejects.toThrow(`received "${at('one', needs)}"`);
  }
});

test('a suite with a key twice is refused, with the place', async () => {
  await writeFile(at('twice.json'), '{"name": "mine",\n"name": "yours"}');
  await expect(referenceOf({ ...requestIn('one'), files: [at('twice.json')] })).rejects.toThrow(
    'received a key that the object already has, at line 2, column 1.',
  );
});

test('a value of another shape is no job', () => {
  const config = {
    data: {},
    size: { levels: [4], experts: 1, tower: [2], embedding: 2 },
    model: { network: {}, rate: 1 },
  };
  const training = {
    epochs: 1,
    batchSize: 2,
    learningRate: 0.1,
    optimizer: { kind: 'optimizer', name: 'adam', config: {} },
    patience: 1,
    selection: 'auc',
  };
  const spec = {
    ...{ key: 'k', suite: 's', model: 'm', seed: 1, engine: 'cpu', setting: '', mode: 'eager', measures: 'test' },
    ...{ parts: { model: 'm' }, config: { ...config, training }, request: { suite: 's', files: [], data: {} } },
  };
  const job = { spec, needs: { versions: {}, modules: [] } };
  expect(readJob(job)).toBe(job);
  const forged = [
    { ...job, spec: { ...spec, measures: 'close' } },
    { ...job, spec: { ...spec, mode: '__proto__' } },
    { ...job, spec: { ...spec, request: { ...spec.request, directory: '/etc' } } },
    { ...job, needs: { ...job.needs, files: { hash: '', root: '/', files: [{ path: 'a', bytes: 1, sha256: '*' }] } } },
  ];
  for (const each of [...forged, { spec }, {}, null, 'job'])
    expect(() => readJob(each)).toThrow('Look who writes to this queue.');
});

test.each(['../up.csv', '/root.csv', 'a/../../up.csv', '..', 'C:\\up.csv'])(
  'a manifest with %j is not written',
  (file) => {
    const files = [{ path: file, bytes: 1, sha256: '0' }];
    const below = [{ ...files[0]!, path: 'a/b.csv' }];
    expect(isSound({ hash: contentKey(files), root: '/', files })).toBe(false);
    expect(isSound({ hash: contentKey(below), root: '/', files: below })).toBe(true);
    expect(isSound({ hash: contentKey(files), root: '/', files: below })).toBe(false);
    expect(isSound({ hash: '../../abcdef0123', root: '/', files: below })).toBe(false);
  },
);

test('a manifest without files is of no folder', async () => {
  expect(isSound({ hash: contentKey([]), root: '/etc', files: [] })).toBe(false);
  await mkdir(at('empty'));
  await expect(directoryManifest(at('empty'))).rejects.toThrow('received');
});

test('a data set with a file outside of its folder is refused', async () => {
  const document = { files: '../people.csv', features: {}, tasks: {} };
  await writeFile(at('one', 'suites', 'out.json'), JSON.stringify({ ...document, features: { age: 'numeric' } }));
  const request = { ...requestIn('one'), files: [at('one', 'suites', 'out.json')] };
  await expect(referenceOf(request, { allowFilesOutside: true })).rejects.toThrow('run without --queue');
});
