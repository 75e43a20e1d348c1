import os from 'node:os';
import { type InstalledPackage, type EngineEntry, engines, failureOf, installedPackage } from '../engines.ts';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Facts {
  readonly machine: ReturnType<typeof examineMachine>;
  /** The installation of this command, first, and that of the user's project where it is another one. */
  readonly installations: readonly [Installation, ...Installation[]];
  readonly engines: readonly EngineFacts[];
}

export interface Installation {
  /** Whose it is: a command that the project has installed has no other packages than the project. */
  readonly of: 'command' | 'project' | 'command and project';
  /** The packages of Polytask. A package that is installed twice is there twice. */
  readonly polytask: readonly InstalledPackage[];
  /** The other packages that matter: TF.js with its backends, and both ONNX Runtimes. */
  readonly others: readonly InstalledPackage[];
}

export type EngineFacts = Pick<EngineEntry, 'name' | 'description'> & { readonly failure?: string };

export function examineMachine() {
  const limit = process.constrainedMemory() || Infinity; // 0 or undefined: unknown
  const total = Math.min(limit, os.totalmem());
  return {
    node: process.versions.node,
    /** `linux 6.12.0 x64`. */
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    /** False on a Linux without glibc, for which onnxruntime-node has no binary. */
    glibc: os.platform() !== 'linux' || hasGlibc(),
    processor: os.cpus()[0]?.model.trim().replace(/\s+/g, ' ') || 'of unknown name',
    cores: os.availableParallelism(),
    /** In bytes. `total` is the limit of the container, if there is one. */
    memory: { total, free: Math.min(total, os.freemem()) },
  };
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/** Starts each engine, the slowest first, so that the fastest that runs is the one that is left. */
export async function examineEngines(rows: readonly EngineEntry[] = engines): Promise<EngineFacts[]> {
  const facts: EngineFacts[] = [];
  for (const { name, description, start } of [...rows].reverse()) {
    const failure = await start().then(() => undefined, failureOf);
    facts.unshift({ name, description, ...(failure !== undefined && { failure }) });
  }
  return facts;
}

/** The engine that `auto` takes. Undefined when none runs. */
export const autoOf = (engines: readonly EngineFacts[]): EngineFacts | undefined =>
  engines.find(({ failure }) => failure === undefined);

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

/** The packages that this command and the user's project can import. @param program the path or URL of a file of this command */
export function examineInstallations(
  project: string = process.cwd(),
  program: string = import.meta.url,
): Facts['installations'] {
  const file = path.join(project, 'index.js');
  const [command, ofProject] = [installation('command', [program]), installation('project', [file])];
  const own = command.polytask.find(({ name }) => name === COMMAND)?.directory;
  if (ofProject.polytask.some(({ directory }) => directory === own))
    return [installation('command and project', [program, file])];
  return ofProject.polytask.length === 0 ? [command] : [command, ofProject];
}

/** The packages that files import, those that these packages import, and so on. Each is there once. */
function installation(of: Installation['of'], starts: readonly string[]): Installation {
  const found = new Map<string, InstalledPackage>();
  const open = [...starts];
  for (const start of open)
    for (const name of [...namesFrom(start), 'polytask', ...OTHERS]) {
      const each = installedPackage(name, start);
      if (!each || found.has(each.directory)) continue;
      found.set(each.directory, each);
      open.push(path.join(each.directory, 'index.js')); // which need not exist
    }
  const packages = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const others = packages.filter(({ name }) => OTHERS.includes(name));
  return { of, polytask: packages.filter((each) => !others.includes(each)), others };
}

const namesFrom = (start: string): string[] =>
  (createRequire(start).resolve.paths(SCOPE) ?? []).flatMap((modules) => {
    try {
      return readdirSync(path.join(modules, SCOPE)).map((name) => `${SCOPE}/${name}`);
    } catch {
      return []; // there is no such folder
    }
  });
