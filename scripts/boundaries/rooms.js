import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * A file of a package, below its `src`, with the files there that it imports, types included.
 * @typedef {{ readonly file: string, readonly imports: readonly string[] }} Source
 */

/** What only tests use, and what stands apart from all rooms. */
const TEST = /\.(test|test-d|fixture|cluster)\.tsx?$|(^|\/)testing\//;

const IMPORT = /^(?:import|export)\s[^;'"]*?from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/**
 * The sources of a package without its tests. A name such as `#storage` stands for the files of its package.json.
 * @param {{ directory: string, manifest: import('./manifest.js').Manifest }} package_ @returns {Source[]}
 */
export function sourcesOf({ directory, manifest }) {
  const root = join(directory, 'src');
  /** @param {string} from @param {string} name @returns {string[]} */
  const targets = (from, name) => {
    if (name.startsWith('.')) return [resolve(root, dirname(from), name)];
    const chosen = /** @type {{ '@polytask/source': object } | undefined} */ (manifest.imports?.[name]);
    return chosen ? Object.values(chosen['@polytask/source']).map((file) => resolve(directory, file)) : [];
  };
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => /\.tsx?$/.test(file) && !TEST.test(file));
  return files.map((file) => {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].map(
      (found) => found[1] ?? found[2] ?? found[3],
    );
    const found = names.flatMap((name) => targets(file, /** @type {string} */ (name)));
    const imports = found.map((target) => relative(root, target).split(sep).join('/'));
    return { file, imports: imports.filter((target) => files.includes(target)) };
  });
}

/** The room of a file: the first folder below `src`, or the file itself. @param {string} file */
export const roomOf = (file) => /** @type {string} */ (file.split('/')[0]);

/**
 * A circle of names that name one another, if there is one.
 * @param {readonly (readonly [from: string, to: string])[]} arrows @returns {string[] | undefined}
 */
export function circleIn(arrows) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const [from, to] of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set();
  /** @param {string} name @param {string[]} path @returns {string[] | undefined} */
  const visit = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const each of next.get(name) ?? []) {
      const circle = visit(each, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of next.keys()) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return undefined;
}
