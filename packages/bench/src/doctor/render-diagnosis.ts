import { groupBy } from '@polytask/components';
import pc from 'picocolors';
import type { InstalledPackage } from '../engines.ts';
import type { Advice } from './advice.ts';
import { autoOf, type Facts } from './facts.ts';

const ONNX_RUNTIMES: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'compiled',
  'onnxruntime-web': 'compiled-wasm',
};

export function renderDiagnosis(facts: Facts, advice: readonly Advice[], colors = false): string {
  const { bold } = pc.createColors(colors);
  const rows = rowsOf(facts);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`);
  const wrong = advice.filter(({ severity }) => severity === 'warning');
  const faster = advice.filter(({ severity }) => severity === 'note');
  const list = (title: string, items: readonly Advice[]) =>
    items.length === 0 ? '' : `\n${bold(title)}\n${items.map(itemText).join('')}`;
  const fine = wrong.length === 0 ? '\nNothing is wrong.\n' : '';
  return lines.join('') + fine + list('Wrong:', wrong) + list('Faster:', faster);
}

const itemText = ({ message, remedy }: Advice): string =>
  `- ${message}\n${remedy?.command ? `    ${remedy.command}\n` : ''}`;

function rowsOf({ machine, installations, engines }: Facts): (readonly [string, string])[] {
  const auto = autoOf(engines);
  const [command] = installations;
  return [
    ['Node', `${machine.node}, ${machine.system}`],
    ['machine', `${machine.cores} × ${machine.processor}`],
    ['memory', `${gigabytes(machine.memory.total)} GB, ${gigabytes(machine.memory.free)} GB of it free`],
    ...installations.flatMap(({ of, polytask, others }): [string, string][] => {
      const whose = installations.length > 1 ? ` (${of})` : '';
      return [
        [`polytask${whose}`, versionsOf(polytask)],
        [`TF.js${whose}`, others.filter(isTensorflow).map(short).join(', ') || 'not found'],
      ];
    }),
    ...Object.entries(ONNX_RUNTIMES).map(([name, engine]): [string, string] => {
      const installed = command.others.find((each) => each.name === name);
      const failure = engines.find((each) => each.name === engine)?.failure;
      return [
        name,
        installed ? `${installed.version}, ${failure ? `doesn't run: ${failure}` : 'runs'}` : 'not installed',
      ];
    }),
    ['engines', engines.map(({ name, failure }) => `${name} ${failure === undefined ? 'runs' : 'fails'}`).join(', ')],
    ['auto takes', auto ? `${auto.name}: ${auto.description}` : 'none'],
  ];
}

const isTensorflow = ({ name }: InstalledPackage): boolean => name.startsWith('@tensorflow/');
const short = ({ name, version }: InstalledPackage): string => `${name.replace('@tensorflow/', '')} ${version}`;
const gigabytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

/** `0.1.0: core, data`, for each version. */
const versionsOf = (packages: readonly InstalledPackage[]): string =>
  [...groupBy(packages, ({ version }) => version)]
    .map(([version, each]) => `${version}: ${each.map(({ name }) => name.replace('@polytask/', '')).join(', ')}`)
    .join('; ') || 'not found';
