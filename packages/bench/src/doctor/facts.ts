import os from 'node:os';
import { type InstalledPackage, type EngineEntry, engines, failureOf } from '../engines.ts';

/** What `polytask doctor` finds out. It is plain data: the output of `--json`. */
export interface Facts {
  readonly machine: MachineFacts;
  /** The installation of this command, first, and that of the user's project where it is another one. */
  readonly installations: readonly [Installation, ...Installation[]];
  /** The engines, fastest first. */
  readonly engines: readonly EngineFacts[];
}

export interface MachineFacts {
  readonly node: string;
  /** `linux 6.12.0 x64`. */
  readonly system: string;
  /** False on a Linux without glibc, for which onnxruntime-node has no binary. */
  readonly glibc: boolean;
  readonly processor: string;
  /** The cores that this process may use. */
  readonly cores: number;
  /** In bytes. `total` is the limit of the container, if there is one. */
  readonly memory: { readonly total: number; readonly free: number };
}

/** The packages that one program can import. */
export interface Installation {
  /** Whose it is: a command that the project has installed has no other packages than the project. */
  readonly of: 'command' | 'project' | 'command and project';
  /** The packages of Polytask. A package that is installed twice is there twice. */
  readonly polytask: readonly InstalledPackage[];
  /** The other packages that matter: TF.js with its backends, and both ONNX Runtimes. */
  readonly others: readonly InstalledPackage[];
}

export interface EngineFacts {
  readonly name: string;
  readonly description: string;
  /** Why the engine doesn't run here. Undefined when it runs. */
  readonly failure?: string;
}

/** Looks at the machine that this process runs on. */
export function examineMachine(): MachineFacts {
  const limit = process.constrainedMemory() || Infinity; // 0 or undefined: unknown
  const total = Math.min(limit, os.totalmem());
  return {
    node: process.versions.node,
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    glibc: os.platform() !== 'linux' || hasGlibc(),
    processor: os.cpus()[0]?.model.trim().replace(/\s+/g, ' ') || 'of unknown name',
    cores: os.availableParallelism(),
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
