import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject } from './create-project.ts';
import { KINDS, planProject, type Kind } from './project.ts';

const { version, devDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Manifest;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

let directory: string;
beforeEach(() => void (directory = mkdtempSync(path.join(tmpdir(), 'create-polytask-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const component = (kind: Kind, name = '@acme/parts/noisy-part') =>
  planProject({ template: 'component', kind, name, folder: path.join(directory, 'new', 'parts') });
const comparison = (folder = path.join(directory, 'people')) => planProject({ template: 'compare', folder });

const manifestOf = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
const texts = (folder: string, files: readonly string[]) =>
  files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
const ranges = ({ dependencies, peerDependencies, devDependencies }: Manifest) =>
  Object.entries({ ...dependencies, ...peerDependencies, ...devDependencies });

describe.each(Object.keys(KINDS) as Kind[])('a package with one %s', (kind) => {
  it("has the user's names everywhere, and nothing of the template's", () => {
    const project = component(kind);
    const files = createProject(project);
    expect(files).toEqual(
      expect.arrayContaining(['.gitignore', 'src/index.ts', 'src/noisy-part.ts', 'src/noisy-part.test.ts']),
    );
    const all = texts(project.folder, files);
    expect(all).toContain("'@acme/parts/noisy-part'");
    expect(all).toMatch(/export const noisyPart\b/);
    expect(files.join() + all).not.toMatch(/my-?(package|component)/i);
    expect(manifestOf(project.folder).scripts['bench']).toMatch(
      /^(polytask (bench suite|train customers)\.json|tsx src)/,
    );
    expect(readFileSync(path.join(project.folder, 'README.md'), 'utf8')).toMatch(
      /^# @acme\/parts\n[^]*\n## Publish it\n/,
    );
  });

  it('exports each name once, and no label is a feature', () => {
    const { folder } = component(kind);
    const files = createProject(component(kind));
    const names = [...texts(folder, ['src/index.ts']).matchAll(/export \{ (\w+) \}/g)].map(([, name]) => name!);
    expect(names).toEqual([...new Set(names)]);
    if (!files.includes('customers.json')) return;
    const { features, tasks } = JSON.parse(texts(folder, ['customers.json'])) as Readonly<
      Record<'features' | 'tasks', Readonly<Record<string, { readonly from?: string }>>>
    >;
    const labels = Object.entries(tasks).map(([task, { from = task }]) => from);
    expect(labels.filter((label) => Object.hasOwn(features, label))).toEqual([]);
  });

  it("has this package's version of Polytask, and what its code imports", () => {
    const project = component(kind);
    const files = createProject(project);
    const manifest = manifestOf(project.folder);
    expect(manifest).toMatchObject({ name: '@acme/parts', version: '0.1.0', type: 'module', files: ['dist'] });
    const siblings = ranges(manifest).filter(([name]) => name.startsWith('@polytask/'));
    expect(new Set(siblings.map(([, range]) => range))).toEqual(new Set([`^${version}`]));
    const imported = texts(
      project.folder,
      files.filter((file) => file.endsWith('.ts')),
    );
    const names = [...imported.matchAll(/from '(?!node:)((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name]) => name!);
    expect(ranges(manifest).map(([name]) => name)).toEqual(expect.arrayContaining(names));
  });
});

it('a comparison is called like its folder, and is private', () => {
  const project = comparison();
  const files = createProject(project);
  expect(files).toEqual(expect.arrayContaining(['customers.csv', 'customers.json', 'suite.json', 'src/train.ts']));
  expect(manifestOf(project.folder)).toMatchObject({
    name: 'people',
    private: true,
    dependencies: { polytask: `^${version}` },
  });
});

it('tools have the versions with which this repository is tested', () => {
  const root = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest;
  const bench = JSON.parse(readFileSync(new URL('../../bench/package.json', import.meta.url), 'utf8')) as Manifest;
  const outside = new URL('../../../examples/outside-package/package.json', import.meta.url);
  const example = JSON.parse(readFileSync(outside, 'utf8')) as Manifest; // it is built as a project of a user is
  const known = { ...example.devDependencies, ...root.devDependencies, ...devDependencies, ...bench.dependencies };
  const used = [...(Object.keys(KINDS) as Kind[]).map((kind) => component(kind)), comparison()].flatMap((project) => {
    createProject(project);
    const manifest = manifestOf(project.folder);
    rmSync(project.folder, { recursive: true });
    return ranges(manifest).filter(([name]) => !/^(@polytask\/.*|polytask)$/.test(name));
  });
  for (const [name, range] of used) expect([name, range]).toEqual([name, known[name]]);
});

describe('the folder', () => {
  it('may exist when it is empty, or has only a git repository', () => {
    mkdirSync(path.join(directory, 'people', '.git'), { recursive: true });
    expect(createProject(comparison())).toContain('package.json');
  });

  it('is left alone when it has a file, or is one', () => {
    mkdirSync(path.join(directory, 'people'));
    writeFileSync(path.join(directory, 'people', 'notes.txt'), 'mine');
    expect(() => createProject(comparison())).toThrow('received one that has notes.txt. Choose another folder');
    const file = path.join(directory, 'people', 'notes.txt');
    expect(() => createProject(comparison(file))).toThrow('received a file');
    expect(readdirSync(path.join(directory, 'people'))).toEqual(['notes.txt']);
  });

  it('is as before when a file could not be written', () => {
    const folder = path.join(directory, 'new', 'parts');
    // a name that is too long for a file, found only when the file is written
    const project = component('expert', `parts/${'a'.repeat(300)}`);
    expect(() => createProject(project)).toThrow('ENAMETOOLONG');
    expect(readdirSync(directory)).toEqual([]);
    mkdirSync(folder, { recursive: true });
    expect(() => createProject(project)).toThrow('ENAMETOOLONG');
    expect(readdirSync(folder)).toEqual([]);
  });
});

it("names that the template's own code uses are refused before anything is written", () => {
  expect(() => createProject(component('expert', 'parts/dense'))).toThrow('received "dense", which the code');
  expect(readdirSync(directory)).toEqual([]);
  expect(() => createProject(component('expert', 'my-component/affine'))).not.toThrow(); // only in comments and strings
  expect(manifestOf(path.join(directory, 'new', 'parts')).name).toBe('my-component');
});
