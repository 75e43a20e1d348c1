import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { installedPackage, type InstalledPackage } from '../installed-package.ts';
import type { PackageFacts } from './facts.ts';

const SCOPE = '@polytask';
const OTHERS = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
  'onnxruntime-node',
  'onnxruntime-web',
];

/**
 * Finds the packages of Polytask that this program and the user's project import, and those that each of them imports.
 *
 * @param project the directory of the user's project
 * @param program the path or URL of a file of this program
 */
export function examinePackages(project: string = process.cwd(), program: string = import.meta.url): PackageFacts {
  const starts = [program, path.join(project, 'index.js')];
  const names = new Set(['polytask', ...starts.flatMap(namesFrom)]);
  const polytask = unique(starts.flatMap((start) => found(names, start)));
  const insides = polytask.map(({ directory }) => path.join(directory, 'index.js'));
  const all = unique([...polytask, ...insides.flatMap((inside) => found(names, inside))]);
  const others = unique([...starts, ...insides].flatMap((start) => found(OTHERS, start)));
  const inOthers = others.map(({ directory }) => path.join(directory, 'index.js'));
  return { polytask: all, others: unique([...others, ...inOthers.flatMap((inside) => found(OTHERS, inside))]) };
}

/** The names of all packages of Polytask in the node_modules folders that a file imports from. */
const namesFrom = (start: string): string[] =>
  (createRequire(start).resolve.paths(SCOPE) ?? []).flatMap((modules) => {
    try {
      return readdirSync(path.join(modules, SCOPE)).map((name) => `${SCOPE}/${name}`);
    } catch {
      return []; // there is no such folder
    }
  });

const found = (names: Iterable<string>, start: string): InstalledPackage[] =>
  [...names].map((name) => installedPackage(name, start)).filter((each) => each !== undefined);

/** Without repetitions, by name. */
const unique = (packages: readonly InstalledPackage[]): InstalledPackage[] =>
  [...new Map(packages.map((each) => [each.directory, each])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
