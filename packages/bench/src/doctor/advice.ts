import type { InstalledPackage } from '../engines.ts';
import { autoOf, type Facts } from './facts.ts';

export interface Advice {
  /** `wrong`: results or errors will surprise you. `faster`: all works, and could be faster. */
  readonly kind: 'wrong' | 'faster';
  readonly text: string;
  /** The command to run. Undefined when no command mends it. */
  readonly command?: string;
}

const LEAST_NODE = [20, 19];
const GIGABYTE = 2 ** 30;

export const adviceOn = (facts: Facts): Advice[] =>
  [
    oldNode(facts),
    ...facts.installations.flatMap(({ polytask, others }) => [
      twoCopies(polytask, '@polytask/core', 'A component of one copy may not fit the other.'),
      twoCopies(others, '@tensorflow/tfjs', 'Neither knows the tensors of the other.'),
      twoCopies(others, '@tensorflow/tfjs-core', 'Neither knows the backends of the other.'),
      manyVersions(polytask),
    ]),
    ...[noEngine, slowEngine, moreWorkers].map((rule) => rule(facts)),
  ].filter((advice) => advice !== undefined);

function oldNode({ machine: { node } }: Facts): Advice | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > LEAST_NODE[0]! || (major === LEAST_NODE[0]! && minor >= LEAST_NODE[1]!)) return undefined;
  return { kind: 'wrong', text: `Node ${node} is too old: Polytask needs ${LEAST_NODE.join('.')} or newer.` };
}

function twoCopies(packages: readonly InstalledPackage[], name: string, harm: string): Advice | undefined {
  const copies = packages.filter((each) => each.name === name);
  if (copies.length < 2) return undefined;
  const places = copies.map(({ version, directory }) => `${version} in ${directory}`).join(', ');
  return {
    kind: 'wrong',
    text: `There are ${copies.length} copies of ${name}: ${places}. ${harm}`,
    command: `npm ls ${name} && npm dedupe`,
  };
}

function manyVersions(polytask: readonly InstalledPackage[]): Advice | undefined {
  const all = new Set(polytask.map(({ version }) => version));
  const versions = [...all].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (versions.length < 2) return undefined;
  const newest = versions.at(-1)!;
  const older = polytask.filter(({ version }) => version !== newest);
  return {
    kind: 'wrong',
    text:
      `All packages of Polytask have one version, and ${newest} is installed beside ` +
      `${older.map(({ name, version }) => `${name} ${version}`).join(', ')}.`,
    command: `npm install ${[...new Set(older.map(({ name }) => `${name}@${newest}`))].join(' ')}`,
  };
}

function noEngine({ engines }: Facts): Advice | undefined {
  if (autoOf(engines)) return undefined;
  return {
    kind: 'wrong',
    text: 'No engine runs, so nothing can be trained.',
    command: 'npm install @tensorflow/tfjs-backend-cpu',
  };
}

function slowEngine({ engines, machine, installations: [command] }: Facts): Advice | undefined {
  const [fastest] = engines;
  const auto = autoOf(engines);
  if (!fastest || !auto || auto === fastest) return undefined;
  const slow = `Training runs on ${auto.name}; ${fastest.name} is several times faster`;
  if (!machine.glibc || (machine.system.startsWith('darwin') && machine.system.endsWith('x64')))
    return { kind: 'faster', text: `${slow}, but onnxruntime-node has no binary for this system (${machine.system}).` };
  const isThere = command.others.some(({ name }) => name === 'onnxruntime-node');
  return {
    kind: 'faster',
    text: isThere ? `${slow}, but doesn't run here: ${fastest.failure}.` : `${slow}, and needs onnxruntime-node.`,
    // its script downloads CUDA files, and the CPU kernels are inside the package
    command: 'npm install --ignore-scripts onnxruntime-node',
  };
}

function moreWorkers({ machine: { cores, memory } }: Facts): Advice | undefined {
  const workers = Math.min(cores, Math.floor(memory.free / GIGABYTE));
  if (workers < 2) return undefined;
  return {
    kind: 'faster',
    text: `A bench trains one trial at a time. ${workers} processes fit the cores and the free memory of this machine.`,
    command: `polytask bench --workers ${workers}`,
  };
}
