import type { Finding } from '@polytask/components';
import type { InstalledPackage } from '../engines.ts';
import { autoOf, type Facts } from './facts.ts';

/** A finding about the installation. `warning`: results or errors will surprise you. `note`: all works, and could be faster. */
export type Advice = Finding;

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

const found = (
  severity: Advice['severity'],
  kind: string,
  evidence: Advice['evidence'],
  message: string,
  command?: string,
): Advice => ({ kind, severity, about: {}, evidence, message, ...(command && { remedy: { command } }) });

function oldNode({ machine: { node } }: Facts): Advice | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > LEAST_NODE[0]! || (major === LEAST_NODE[0]! && minor >= LEAST_NODE[1]!)) return undefined;
  const least = LEAST_NODE.join('.');
  return found('warning', 'old-node', { node, least }, `Node ${node} is too old: Polytask needs ${least} or newer.`);
}

function twoCopies(packages: readonly InstalledPackage[], name: string, harm: string): Advice | undefined {
  const copies = packages.filter((each) => each.name === name);
  if (copies.length < 2) return undefined;
  const places = copies.map(({ version, directory }) => `${version} in ${directory}`).join(', ');
  const message = `There are ${copies.length} copies of ${name}: ${places}. ${harm}`;
  return found('warning', 'two-copies', { copies }, message, `npm ls ${name} && npm dedupe`);
}

function manyVersions(polytask: readonly InstalledPackage[]): Advice | undefined {
  const all = new Set(polytask.map(({ version }) => version));
  const versions = [...all].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (versions.length < 2) return undefined;
  const newest = versions.at(-1)!;
  const older = polytask.filter(({ version }) => version !== newest);
  const message =
    `All packages of Polytask have one version, and ${newest} is installed beside ` +
    `${older.map(({ name, version }) => `${name} ${version}`).join(', ')}.`;
  const command = `npm install ${[...new Set(older.map(({ name }) => `${name}@${newest}`))].join(' ')}`;
  return found('warning', 'several-versions', { newest, older }, message, command);
}

function noEngine({ engines }: Facts): Advice | undefined {
  if (autoOf(engines)) return undefined;
  const message = 'No engine runs, so nothing can be trained.';
  return found('warning', 'no-engine', {}, message, 'npm install @tensorflow/tfjs-backend-cpu');
}

function slowEngine({ engines, machine, installations: [command] }: Facts): Advice | undefined {
  const [fastest] = engines;
  const auto = autoOf(engines);
  if (!fastest || !auto || auto === fastest) return undefined;
  const add = (end: string, command?: string) =>
    found('note', 'slow-engine', { auto: auto.name, fastest: fastest.name }, `${slow}, ${end}`, command);
  const slow = `Training runs on ${auto.name}; ${fastest.name} is several times faster`;
  if (!machine.glibc || (machine.system.startsWith('darwin') && machine.system.endsWith('x64')))
    return add(`but onnxruntime-node has no binary for this system (${machine.system}).`);
  const isThere = command.others.some(({ name }) => name === 'onnxruntime-node');
  const why = isThere ? `but doesn't run here: ${fastest.failure}.` : 'and needs onnxruntime-node.';
  return add(why, 'npm install --ignore-scripts onnxruntime-node'); // its script downloads CUDA files, which the CPU doesn't need
}

function moreWorkers({ machine: { cores, memory } }: Facts): Advice | undefined {
  const workers = Math.min(cores, Math.floor(memory.free / GIGABYTE));
  if (workers < 2) return undefined;
  const message = `A bench trains one trial at a time. ${workers} processes fit the cores and the free memory of this machine.`;
  return found('note', 'one-worker', { workers }, message, `polytask bench --workers ${workers}`);
}
