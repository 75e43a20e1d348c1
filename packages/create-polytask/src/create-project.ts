import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateError } from './create-error.ts';
import type { Project, Kind } from './project.ts';
import { camelCase } from './names.ts';

/**
 * Writes a new project. After an error, the folder is as it was before.
 *
 * @returns the paths of the files, relative to the folder
 * @throws CreateError when the folder has other files, or the template uses the name of the component for something else
 * @example createProject(planProject({ template: 'compare', folder: 'my-folder' })).includes('package.json') // true
 */
export function createProject(project: Project): string[] {
  checkFolder(project.folder);
  const files = render(project);
  const created = mkdirSync(project.folder, { recursive: true });
  try {
    for (const [file, text] of files) {
      const target = path.join(project.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: 'wx' });
    }
  } catch (error) {
    const written = new Set([...files.keys()].map((file) => path.join(project.folder, file.split('/')[0]!)));
    for (const each of created === undefined ? written : [created]) rmSync(each, { recursive: true, force: true });
    throw error;
  }
  return [...files.keys()];
}

/** Refuses a folder that has more than an empty git repository. */
export function checkFolder(folder: string): string {
  if (!existsSync(folder)) return folder;
  const [first] = statSync(folder).isDirectory() ? readdirSync(folder).filter((name) => name !== '.git') : [folder];
  if (first === undefined) return folder;
  throw new CreateError({
    expected: `an empty folder, or a new one, at ${folder}`,
    received: first === folder ? 'a file' : `one that has ${first}`,
    fix: 'Choose another folder. Nothing was written.',
  });
}

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

type Json = Readonly<Record<string, unknown>>;

/** The files of a project, path → text, from layers. */
function render(project: Project): Map<string, string> {
  const files = new Map<string, string>();
  for (const layer of layersOf(project)) {
    const directory = path.join(PACKAGE, 'template', layer);
    for (const file of filesIn(directory)) {
      const text = readFileSync(path.join(directory, file), 'utf8');
      const target = STORED_NAMES[file] ?? file;
      const below = files.get(target);
      files.set(target, below === undefined ? text : joined(target, below, text));
    }
  }
  const manifest = withVersions(JSON.parse(files.get('package.json')!) as Json);
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  const names = namesOf(project);
  if (project.template === 'component') checkIsFree(camelCase(project.component), files);
  return new Map([...files].map(([file, text]) => [renamed(file, names), renamed(text, names)]));
}

/** The layers of kinds that need a table: the one of `compare`, and the comparison of what its data set file names. */
const TABLES: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  loss: ['customers', 'declared'],
  task: ['customers', 'declared'],
  label: ['customers', 'declared'],
  prediction: ['customers', 'declared'],
  feature: ['customers', 'declared'],
  calibration: ['customers'],
  threshold: ['customers'],
  schedule: ['customers'],
};

function layersOf(project: Project): string[] {
  if (project.template === 'compare') return ['project', 'compare', 'customers'];
  const { kind } = project;
  return ['project', 'component', ...(TABLES[kind] ?? []), kind, 'work'];
}

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(directory, path.join(parentPath, name)).split(path.sep).join('/'));

/** Files that npm would read inside of this package have other names here. */
const STORED_NAMES: Readonly<Record<string, string>> = { _gitignore: '.gitignore', '_package.json': 'package.json' };

/** A file of two layers: READMEs follow each other, the fields of JSON that the upper one has replace the lower ones, and code replaces code. */
function joined(file: string, below: string, text: string): string {
  if (file.endsWith('.md')) return `${below}\n${text}`;
  if (!file.endsWith('.json')) return text;
  const [lower, upper] = [below, text].map((each) => JSON.parse(each) as Json) as [Json, Json];
  const fields = Object.entries(upper).map(
    ([key, value]) => [key, file === 'package.json' ? joinedField(lower[key], value) : value] as const,
  );
  return `${JSON.stringify({ ...lower, ...Object.fromEntries(fields) }, null, 2)}\n`;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A manifest has the dependencies and scripts of all layers. */
const joinedField = (lower: unknown, upper: unknown): unknown =>
  isObject(lower) && isObject(upper) ? { ...lower, ...upper } : upper;

/** The fields of a manifest in the order of npm's documentation. */
const FIELDS = [
  ...['name', 'version', 'private', 'description', 'keywords', 'license', 'type', 'engines', 'exports', 'files'],
  ...['publishConfig', 'scripts', 'dependencies', 'peerDependencies', 'devDependencies'],
];

/** The manifest of a new project. A range `*` stands for the packages of Polytask, which all have this package's version. */
function withVersions(manifest: Json): Json {
  const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const ranges = (field: string) =>
    Object.entries((manifest[field] ?? {}) as Readonly<Record<string, string>>)
      .map(([name, range]) => [name, range === '*' ? `^${version}` : range] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const dependencies = ['dependencies', 'peerDependencies', 'devDependencies'].map(
    (field) => [field, Object.fromEntries(ranges(field))] as const,
  );
  const all: Json = { ...manifest, ...Object.fromEntries(dependencies) };
  return Object.fromEntries(
    FIELDS.filter(
      (field) => all[field] !== undefined && !(isObject(all[field]) && Object.keys(all[field]).length === 0),
    ).map((field) => [field, all[field]]),
  );
}

const namesOf = (project: Project): readonly (readonly [name: string, own: string])[] => [
  ['my-package', project.packageName],
  ...(project.template === 'component'
    ? ([
        ['my-component', project.component],
        ['myComponent', camelCase(project.component)],
        ['MyComponent', camelCase(`-${project.component}`)],
      ] as const)
    : []),
];

/** Replaces all names in one pass, because a user's name may contain one of the templates' names. */
function renamed(text: string, names: readonly (readonly [name: string, own: string])[]): string {
  const own = new Map(names);
  return text.replace(new RegExp([...own.keys()].join('|'), 'g'), (name) => own.get(name)!);
}

/** Comments and strings of TypeScript. */
const NOT_CODE = /\/\*[^]*?\*\/|\/\/.*$|'[^'\n]*'|"[^"\n]*"/gm;

function checkIsFree(identifier: string, files: ReadonlyMap<string, string>): void {
  const word = new RegExp(`\\b${identifier}\\b`);
  if (![...files].some(([file, text]) => file.endsWith('.ts') && word.test(text.replace(NOT_CODE, '')))) return;
  throw new CreateError({
    expected: 'a new name for the component',
    received: `"${identifier}", which the code of the template uses`,
    fix: 'Choose another name.',
  });
}
