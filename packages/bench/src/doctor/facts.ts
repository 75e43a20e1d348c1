import type { InstalledPackage } from '../installed-package.ts';

/** What `polytask doctor` finds out. It is plain data: the output of `--json`. */
export interface Facts {
  readonly machine: MachineFacts;
  readonly packages: PackageFacts;
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

export interface PackageFacts {
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
