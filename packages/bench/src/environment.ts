import { createRequire } from 'node:module';
import os from 'node:os';
import type { Environment } from '@polytask/study';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/** The versions and the machine that results of this process name. */
export const environment = (): Environment => ({ versions: versions(), machine: machine() });

/** The versions of this package, of Node, and of the packages that results depend on. */
export const versions = (): Record<string, string> => ({
  '@polytask/bench': versionOf('@polytask/bench'),
  '@polytask/core': versionOf('@polytask/core'),
  '@tensorflow/tfjs': versionOf('@tensorflow/tfjs'),
  node: process.versions.node,
});

/** The machine in a line: `4 × AMD EPYC, 16 GB, linux x64`. */
function machine(): string {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim().replace(/\s+/g, ' ') || 'CPU of unknown name';
  return `${cpus.length} × ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.platform()} ${os.arch()}`;
}
