import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { installedPackage, type InstalledPackage } from '../engines.ts';
import type { Facts, Installation } from './facts.ts';

const SCOPE = '@polytask';
const COMMAND = `${SCOPE}/bench`;
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
 * Finds the packages that this command and the user's project can import: the packages of Polytask, and those that each of them
 * imports. A command that is installed globally, or that npx fetched, has an installation of its own.
 *
 * @param project the directory of the user's project
 * @param program the path or URL of a file of this command
 */
export function examineInstallations(
  project: string = process.cwd(),
  program: string = import.meta.url,
): Facts['installations'] {
  const file = path.join(project, 'index.js');
  const [ofCommand, ofProject] = [polytaskFrom([program]), polytaskFrom([file])];
  const command = ofCommand.find(({ name }) => name === COMMAND)?.directory;
  if (ofProject.some(({ directory }) => directory === command))
    return [installation('command and project', [program, file])];
  const own = installation('command', [program]);
  return ofProject.length === 0 ? [own] : [own, installation('project', [file])];
}

function installation(of: Installation['of'], starts: readonly string[]): Installation {
  const polytask = polytaskFrom(starts);
  const others = unique([...starts, ...polytask.map(inside)].flatMap((start) => found(OTHERS, start)));
  return { of, polytask, others: unique([...others, ...others.map(inside).flatMap((start) => found(OTHERS, start))]) };
}

/** The packages of Polytask that files import, and those that these packages import. */
function polytaskFrom(starts: readonly string[]): InstalledPackage[] {
  const direct = importsOf(starts);
  return unique([...direct, ...importsOf(direct.map(inside))]);
}

const importsOf = (starts: readonly string[]): InstalledPackage[] =>
  unique(starts.flatMap((start) => found(['polytask', ...namesFrom(start)], start)));

/** A file of a package, which need not exist. */
const inside = ({ directory }: InstalledPackage): string => path.join(directory, 'index.js');

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
