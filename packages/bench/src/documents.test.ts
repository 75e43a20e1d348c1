import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as balancing from '@polytask/balancing';
import { registered } from '@polytask/core';
import * as training from '@polytask/training';
import { expect, it } from 'vitest';
import { programOf } from './cli/main.ts';
import { capturedIo } from './testing/captured-io.ts';

// Statements of READMEs and guides that the code, a manifest or a table can contradict.

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const manifest = (folder: string) => JSON.parse(read(`packages/${folder}/package.json`)) as Manifest;
const dependenciesOf = ({ dependencies, peerDependencies }: Manifest) =>
  Object.keys({ ...dependencies, ...peerDependencies });

/** The cells of the tables of a page. */
const rowsOf = (page: string) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('each package of the README depends only on packages above it', () => {
  const folders = rowsOf(read('README.md')).flatMap(([first]) => /\]\(packages\/([\w-]+)\)/.exec(first!)?.[1] ?? []);
  expect(folders.length).toBeGreaterThan(10);
  const names = folders.map((folder) => manifest(folder).name);
  const below = folders.flatMap((folder, i) =>
    dependenciesOf(manifest(folder)).flatMap((name) => (names.indexOf(name) > i ? [`${folder} needs ${name}`] : [])),
  );
  expect(below).toEqual([]);
});

it('the README of polytask names exactly the functions of bench that it exports', () => {
  const source = read('packages/polytask/src/index.ts');
  const exported = [...source.matchAll(/^export \{(.*)\} from '@polytask\/bench'/gm)].flatMap(([, names]) =>
    names!.match(/\w+/g)!,
  );
  const [, sentence] = /these functions of `bench`:(.*?)\./s.exec(read('packages/polytask/README.md'))!;
  expect([...sentence!.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort()).toEqual(exported.sort());
});

/** The section of an anchor, or the whole page. */
function section(page: string, anchor: string | undefined): string {
  const text = read(`docs/${page}`);
  if (anchor === undefined) return text;
  const parts = text.split(/^(?=#+ )/m);
  const slug = (part: string) =>
    part
      .split('\n')[0]!
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-');
  const start = parts.findIndex((part) => slug(part) === anchor);
  expect(start, `${page}#${anchor}`).toBeGreaterThanOrEqual(0);
  const depth = /^#+/.exec(parts[start]!)![0].length;
  const end = parts.findIndex((part, i) => i > start && /^#+/.exec(part)![0].length <= depth);
  return parts.slice(start, end < 0 ? undefined : end).join('');
}

it('the pages that "coming from" links to mention the options that it names', () => {
  const rows = rowsOf(read('docs/coming-from.md')).filter((cells) => cells.length === 3);
  const missing = rows.flatMap(([there, here, links]) => {
    const names = [...here!.matchAll(/`[^`]*`/g)].flatMap(([code]) =>
      [...code.matchAll(/(\w+): /g)].map(([, name]) => name!),
    );
    const options = names.filter((name) => name !== 'income'); // a task
    const pages = [...links!.matchAll(/\(([\w-]+\.md)(?:#([\w-]+))?\)/g)].map(([, page, anchor]) =>
      section(page!, anchor),
    );
    return options.flatMap((option) =>
      pages.some((text) => new RegExp(`\\b${option}\\b[^\\n]*\``).test(text) || text.includes(`${option}:`))
        ? []
        : [`${there}: ${option}`],
    );
  });
  expect(rows.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

it('the guide to data links the kinds of features in a file to their options', () => {
  const [, cell] = rowsOf(read('docs/data.md')).find(([key]) => key === '`features`')!;
  const [kinds] = /\(`numeric`[^)]*\)/.exec(cell!)!;
  const options = section('data.md', /\(#([\w-]+)\)/.exec(cell!)?.[1] ?? 'no link');
  for (const [, kind] of kinds.matchAll(/`([\w-]+)`/g)) {
    expect(options).toContain(`| \`${kind!.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}\` |`);
  }
});

it('serving is slower than the library in one case only, by the ratios that the page has', () => {
  const measured = ['zen-5', 'xeon', 'zen-4'].flatMap((machine) =>
    read(`docs/performance/${machine}.csv`)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')),
  );
  expect(measured.length).toBeGreaterThan(200);
  const slower = measured.filter((cells) => Number(cells[7]) < 1);
  const caseOf = (cells: readonly string[]) => [cells[0], ...cells.slice(2, 5)].join(' ');
  expect([...new Set(slower.map(caseOf))]).toEqual(['A inference share_bottom 2048']);
  const all = measured.filter((cells) => caseOf(cells) === caseOf(slower[0]!)).map((cells) => Number(cells[7]));
  const page = read('docs/performance.md').replaceAll(/\s+/g, ' ');
  expect(page).toContain(`2,048 rows of shared-bottom on A, in ${slower.length} of ${all.length} measurements.`);
  expect(page).toContain(`Serving 2,048 rows has ratios of ${Math.min(...all)} to ${Math.max(...all)}.`);
});

it('the guide to balancers says which Gramian ones have no option "of"', () => {
  const gramian = rowsOf(read('docs/balancing.md')).flatMap(([name, , contract]) =>
    contract === 'Gramian' ? [name!.replaceAll('`', '')] : [],
  );
  const without = gramian.filter((name) => {
    const make = (balancing as unknown as Record<string, (config: object) => unknown>)[name]!;
    try {
      return !make({ of: 'parameters' });
    } catch {
      return true;
    }
  });
  expect(gramian.length).toBeGreaterThan(5);
  const names = without.map((name) => `\`${name}\``).join(', ');
  expect(read('docs/balancing.md')).toContain(`${names} is always on the representation.`);
});

/** The defaults of torch.optim (2.x). */
const PYTORCH: Readonly<Record<string, object>> = {
  adam: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  adamW: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  sgd: { learningRate: 1e-3, momentum: 0, nesterov: false, weightDecay: 0 },
  adagrad: { learningRate: 1e-2, initialAccumulator: 0, epsilon: 1e-10, weightDecay: 0 },
};

it("the guide to optimizers names those whose defaults aren't PyTorch's", () => {
  const page = read('docs/optimizers.md');
  const own = rowsOf(page).flatMap(([cell]) => /^`(\w+)\(lr/.exec(cell!)?.[1] ?? []);
  const factories = training as unknown as Record<string, () => { config: object }>;
  const differ = own.filter((name) => {
    const [{ config: defaults }, theirs] = [factories[name]!(), PYTORCH[name]];
    return JSON.stringify(Object.entries(defaults).sort()) !== JSON.stringify(Object.entries(theirs ?? {}).sort());
  });
  const [, sentence] = /defaults are PyTorch's, .*?differ: (.*?)\./s.exec(page)!;
  expect([...sentence!.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(differ);
});

it('the decision on Parquet names the packages that write it', () => {
  const writers = readdirSync(new URL('../..', import.meta.url)).filter((folder) => {
    try {
      return dependenciesOf(manifest(folder)).includes('hyparquet-writer');
    } catch {
      return false; // no package
    }
  });
  const decision = read('docs/decisions/0013-parquet-by-hyparquet.md');
  expect(writers.length).toBeGreaterThan(0);
  expect(writers.filter((folder) => folder !== 'faults' && !decision.includes(`@polytask/${folder}`))).toEqual([]);
  expect(decision).not.toContain('is for tests and benches alone');
});

it('"coming from" counts the balancers', () => {
  expect(Object.keys(balancing)).toContain('pcGrad');
  expect(read('docs/coming-from.md')).toContain(
    `\`balancing: pcGrad()\` and ${registered('balancer').length - 1} others`,
  );
});

it('the guide to commands says what --workers is by default', async () => {
  const { io } = capturedIo();
  const { commands } = await programOf({ ...io, rowsOut: io.stdout, plugins: [], exit: () => {} });
  const byCommand = commands.flatMap((command) =>
    command.options.flatMap(({ long, description }) =>
      long === '--workers' ? [[command.name(), /\(default: (\d+)/.exec(description)?.[1]] as const] : [],
    ),
  );
  const { train, ...others } = Object.fromEntries(byCommand);
  expect(train).toBe('0');
  expect(Object.keys(others).length).toBeGreaterThan(3);
  expect(new Set(Object.values(others))).toEqual(new Set(['1']));
  expect(read('docs/commands.md').replaceAll('\n', ' ')).toContain('`--workers` is 1, and 0 for `train`,');
});

it('what npm installs with polytask is not in its install command', () => {
  const { optionalDependencies = {} } = manifest('bench');
  expect(Object.keys(optionalDependencies)).toEqual(['onnxruntime-node']);
  for (const page of [
    'README.md',
    'packages/polytask/README.md',
    'docs/tutorial.md',
    'docs/engines.md',
    'docs/serving.md',
  ]) {
    const commands = [...read(page).matchAll(/npm install [^`\n]*\bpolytask\b[^`\n]*/g)].map(([command]) => command);
    expect(commands.length, page).toBeGreaterThan(0);
    expect(commands.filter((command) => command.includes('onnxruntime-node'))).toEqual([]);
  }
});

it('decision 80 follows a run and a batch through files that exist', () => {
  const text = read('docs/decisions/0080-one-way-through.md');
  const files = [...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)\/([\w/-]+)`/g)].map(([, name, file]) => `packages/${name!}/src/${file!}.ts`),
  );
  expect(files.length).toBeGreaterThan(40);
  expect(files.filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url)))).toEqual([]);
});
