import os from 'node:os';
import type { Environment } from '@polytask/study';
import { engines } from './engines.ts';
import { installedPackage } from './installed-package.ts';

/**
 * The versions and the machine that results of this process name. Those of a compiled engine have the version of ONNX Runtime, which
 * older results of `compiled` don't have.
 */
export const environment = (engine: string): Environment => ({
  versions: { ...versions(), ...versionsOf(...(engines.find(({ name }) => name === engine)?.packages ?? [])) },
  machine: machine(),
});

/** The versions of this package, of Node, and of the packages that results depend on. */
export const versions = (): Record<string, string> => ({
  ...versionsOf('@polytask/bench', '@polytask/core'),
  // the packages of TensorFlow.js have one version, and results have always named it so
  '@tensorflow/tfjs': versionOf('@tensorflow/tfjs-core'),
  node: process.versions.node,
});

const versionsOf = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, versionOf(name)]));

const versionOf = (name: string): string => installedPackage(name)?.version ?? 'unknown';

/** The machine in a line: `4 × AMD EPYC, 16 GB, linux x64`. */
function machine(): string {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim().replace(/\s+/g, ' ') || 'CPU of unknown name';
  return `${cpus.length} × ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.platform()} ${os.arch()}`;
}
