import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { componentsOf } from '@polytask/core';
import type { Summary } from '@polytask/study';
import { transform } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { loadConfiguredPlugins, loadPlugins } from './imported-modules.ts';
import { runCommands } from '../testing/commands.ts';
import { readResults } from '../trials/run-files.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A package as an outsider writes it: an expert, a gate, an architecture, a balancer and a metric. */
const PLUGIN = `
import * as tf from '@tensorflow/tfjs';
import { checks, defineExpert, defineGate, defineNetwork, dense, fusion, gateOf, poolUnits, seeing } from '@polytask/core';
import { defineGramianBalancer } from '@polytask/balancing';
import { defineMetric } from '@polytask/metrics';
import { softmaxGate } from '@polytask/gating';

const about = { package: 'outside', description: 'made outside' };

export const siren = defineExpert('outside/siren', (builder, { units, frequency }) => {
  const layer = dense(builder, { inputDim: builder.inputDim, units });
  return { outputDim: units, apply: (x, call) => tf.sin(tf.mul(layer(x, call), frequency)) };
}, { ...about, options: { units: checks.wholeNumber(1), frequency: checks.optional(checks.number(), 1) }, variants: { 'outside/siren': { layer: (units) => ({ units }) } } });

export const staticSigmoid = defineGate('outside/static-sigmoid', ({ overExperts, experts, mask }) => {
  const scores = overExperts.bias('scores', experts);
  return { reads: 'nothing', apply: () => tf.mul(tf.sigmoid(scores), mask) };
}, { ...about, variants: { 'outside/static-sigmoid': { config: () => ({}) } } });

export const commonPool = defineNetwork('outside/common-pool', ({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }, tasks) =>
  fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: seeing('all', gate) }]),
{ ...about, options: { experts: checks.expertSpecs, pool: checks.wholeNumber(1), gate: checks.optional(checks.component('gate')) }, variants: { 'outside/common-pool': {
  onlyNamed: true,
  config: (size) => ({ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }),
} } });

defineGramianBalancer('outside/unit-length', {
  start: () => null,
  weights: (_state, _config, _moment, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i]!)),
}, { description: 'made outside', variants: { 'outside/unit-length': {} } });

defineMetric({ name: 'outside/worst', direction: 'lower', task: 'binary', description: 'the largest error',
  compute: ({ count, labels, predictions }) => {
    let worst = count === 0 ? NaN : 0;
    for (let i = 0; i < count; i++) worst = Math.max(worst, Math.abs(predictions[i]! - labels[i]!));
    return worst;
  } });
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'));
  await writeFile(path.join(directory, 'outside.ts'), PLUGIN);
});
afterEach(() => rm(path.join(directory, 'polytask.config.ts'), { force: true }));
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the command, which has been built, in the plugin's directory. */
const polytask = (...argv: string[]) => run(path.join(import.meta.dirname, '../../bin/polytask.js'), ...argv);

/** Runs a program in the plugin's directory. */
const run = async (program: string, ...argv: string[]) =>
  (await promisify(execFile)(process.execPath, [program, ...argv], { cwd: directory })).stdout;

const limits = ['--seeds', '1', '--epochs', '1', '--limit-rows', '60', '--engine', 'cpu', '--json'];
const summaryIn = (json: string) => (JSON.parse(json) as [Summary])[0];
const modelsOf = ({ models }: Summary) => models.map(({ model }) => model);

it(
  'an outside package takes part in lists and comparisons, in a process and in workers',
  { tags: ['long'] },
  async () => {
    await writeFile(path.join(directory, 'polytask.config.ts'), `export default { plugins: ['./outside.ts'] };`);
    const suite = ['synthetic', '--models', 'single-task,outside/common-pool'];
    const parts = ['--experts', 'outside/siren(frequency=3)', '--gates', 'outside/static-sigmoid'];
    const bench = (...argv: string[]) => ['bench', ...suite, ...argv, ...limits];
    const [list, ...runs] = await runCommands(
      [
        ['list', 'balancers'],
        bench(...parts, '--workers', '0'),
        bench(...parts, '--workers', '1', '--force'),
        bench('--balancers', 'outside/unit-length(of=representation)', '--workers', '0'),
      ],
      { cwd: directory },
    );
    const [inProcess, inWorker, balanced] = runs.map(({ out }) => summaryIn(out)) as [Summary, Summary, Summary];
    expect(list!.out).toContain('outside/unit-length@representation');
    expect(modelsOf(inProcess)).toEqual([
      'single-task',
      'single-task [outside/siren(frequency=3)]',
      'outside/common-pool',
      'outside/common-pool [outside/static-sigmoid]',
      'outside/common-pool [outside/siren(frequency=3)]',
      'outside/common-pool [outside/siren(frequency=3), outside/static-sigmoid]',
    ]);
    const metricsOf = ({ models }: Summary) => models.map(({ model, metrics }) => [model, metrics]);
    expect(metricsOf(inWorker)).toEqual(metricsOf(inProcess));
    expect(JSON.stringify(metricsOf(inProcess))).toContain('outside/worst');
    expect(modelsOf(balanced)).toContain('outside/common-pool + outside/unit-length(of=representation)');
  },
);

/** A module with a reader of words such as `age=41`, and a tracker that writes the names of runs. */
const FORMATS = `
import { appendFile, readFile } from 'node:fs/promises';
import { checks } from '@polytask/core';
import { defineReader } from '@polytask/data';
import { defineTracker } from '@polytask/training';

const about = { package: 'outside', description: 'made outside' };

defineReader('outside/pairs', ({ between }) => ({ async *rows(source) {
  for (const line of (await readFile(source, 'utf8')).trim().split('\\n')) {
    yield Object.fromEntries(line.split(between).map((pair) => pair.split('=')).map(([key, value]) => [key, key === 'age' ? Number(value) : value]));
  }
} }), { ...about, endings: ['.pairs'], options: { between: checks.optional(checks.text, ' ') } });

defineTracker('outside/names', ({ file }) => ({
  start: async ({ name }) => (await appendFile(file, name + '\\n'), { log: async () => {}, end: async () => {} }),
}), { ...about, options: { file: checks.text } });
`;

it(
  'files of an outside format are described, compared, trained on and predicted, and trials tracked in an outside place',
  { tags: ['long'] },
  async () => {
    await writeFile(path.join(directory, 'formats.mjs'), FORMATS);
    const rows = Array.from(
      { length: 90 },
      (_, i) => `age=${20 + ((i * 7) % 41)};job=${'abc'[i % 3]};buys=${i % 4 && 1}\n`,
    );
    await writeFile(path.join(directory, 'people.pairs'), rows.join(''));
    const imported = ['--import', './formats.mjs'];
    const semicolons = ['--format', 'outside/pairs(between=";")'];
    const tracked = ['--track', 'outside/names(file=trained.txt)'];
    const data = ['bench', 'people.json', '--models', 'single-task', '--workers', '1', ...limits];
    const results = await runCommands(
      [
        ['list', 'readers', ...imported],
        ['list', 'trackers', ...imported],
        ['describe', 'people.pairs', '--tasks', 'buys', '--out', 'people.json', ...semicolons, ...imported],
        [...data, '--track', 'outside/names(file=runs.txt)', ...imported],
        ['train', 'people.json', '--out', 'model', '--epochs', '1', '--engine', 'cpu', ...tracked, ...imported],
        ['predict', 'model', 'people.pairs', '--out', 'predicted.csv', '--keep', 'job', ...imported],
      ],
      { cwd: directory },
    );
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    expect(results[0]!.out).toContain('outside/pairs');
    expect(results[1]!.out).toContain('outside/names');
    expect(modelsOf(summaryIn(results[3]!.out))).toEqual(['single-task', 'gradient-boosting']);
    const runsIn = (file: string) => readFile(path.join(directory, file), 'utf8');
    expect(await runsIn('runs.txt')).toBe('people/single-task/seed-1\npeople/gradient-boosting/seed-1\n');
    expect(await runsIn('trained.txt')).toBe('people/adatt/seed-1\npeople/gradient-boosting/seed-1\n');
    const predicted = (await readFile(path.join(directory, 'predicted.csv'), 'utf8')).trimEnd().split('\n');
    expect(predicted.slice(0, 3).map((line) => line.split(',')[0])).toEqual(['job', 'a', 'b']);
    expect(predicted).toHaveLength(91);
  },
);

it(
  "--import brings a package for one command, and a suite's own plugins are loaded relative to its file",
  { tags: ['long'] },
  async () => {
    await writeFile(path.join(directory, 'outside.mjs'), (await transform(PLUGIN, { loader: 'ts' })).code);
    const suite = { name: 'mine', extends: 'synthetic', plugins: ['../outside.mjs'], models: ['outside/common-pool'] };
    await mkdir(path.join(directory, 'suites'));
    const text = `export const suite = ${JSON.stringify({ ...suite, baseline: suite.models[0] })};`;
    await writeFile(path.join(directory, 'suites', 'mine.mjs'), text);
    const list = await polytask('list', 'experts', '--import', './outside.mjs');
    const summary = await polytask('bench', 'suites/mine.mjs', ...limits);
    expect(list).toContain('outside/siren');
    expect(modelsOf(summaryIn(summary))).toEqual(['outside/common-pool']);
  },
);

it(
  'results of a plugin are repeated when a file that it imports is edited, and those of other models are not',
  { tags: ['long'], timeout: 240_000 },
  async () => {
    const scale = (value: number) => writeFile(path.join(directory, 'scale.mjs'), `export const scale = ${value};`);
    await writeFile(
      path.join(directory, 'scaled.mjs'),
      `import { mul, relu } from '@tensorflow/tfjs-core';
    import { defineExpert, linear } from '@polytask/core';
    import { scale } from './scale.mjs';
    defineExpert('scaled', ({ inputDim, weight }) => {
      const w = weight('kernel', [inputDim, 4]);
      return { outputDim: 4, apply: (x) => relu(mul(linear(x, w), scale)) };
    }, { variants: { scaled: { layer: () => ({}) } } });`,
    );
    const models = ['--import', './scaled.mjs', '--models', 'single-task', '--experts', 'scaled'];
    const argv = ['bench', 'synthetic', ...models, '--out', 'out', '--workers', '0', ...limits.slice(2)];
    const bench = async (seeds: string) => summaryIn(await polytask(...argv, '--seeds', seeds));
    await scale(1);
    const before = await bench('2');
    await scale(-1);
    const after = await bench('1');
    const seedsOf = ({ models }: Summary) => models.map(({ model, seeds }) => [model, seeds]);
    expect(seedsOf(before)).toEqual([
      ['single-task', [1, 2]],
      ['single-task [scaled]', [1, 2]],
    ]);
    expect(seedsOf(after)).toEqual([
      ['single-task', [1, 2]],
      ['single-task [scaled]', [1]],
    ]);
    expect(after.warnings.map(({ message }) => message)).toContain(
      '2 trials of single-task [scaled] left out: their code, or their declaration, was another one.',
    );
    const stored = await readResults(path.join(directory, 'out'));
    const codes = stored.map(({ config }) => config.model.code);
    expect(codes.map((code) => code === undefined)).toEqual([true, false, true, false, false]);
    expect(new Set(codes).size).toBe(3);
    expect(stored[4]!.metrics).not.toEqual(stored[1]!.metrics);
  },
);

it(
  'components of a program itself have the code of the program and its imports',
  { tags: ['long'], timeout: 240_000 },
  async () => {
    await writeFile(
      path.join(directory, 'program.mjs'),
      `import { runSuite } from '@polytask/bench';
    import { relu } from '@tensorflow/tfjs-core';
    import { defineExpert, linear } from '@polytask/core';
    import { width } from './width.mjs';
    defineExpert('own', ({ inputDim, weight }) => {
      const w = weight('kernel', [inputDim, width]);
      return { outputDim: width, apply: (x) => relu(linear(x, w)) };
    }, { variants: { own: { layer: () => ({}) } } });
    const data = { suite: 'synthetic', seeds: [1], epochs: 1, limitRows: 60, engine: 'cpu' };
    const { trials } = await runSuite({ ...data, models: ['single-task'], experts: ['own'] });
    console.log(JSON.stringify(trials.map(({ config }) => config.model.code ?? null)));`,
    );
    const codes = async (width: number) => {
      await writeFile(path.join(directory, 'width.mjs'), `export const width = ${width};`);
      return JSON.parse(await run(path.join(directory, 'program.mjs'))) as (string | null)[];
    };
    const [before, after] = [await codes(4), await codes(5)];
    expect(before).toEqual([null, expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(after).toEqual([null, expect.not.stringMatching(before[1]!)]);
  },
);

it('a plugin that is missing or throws is an error that says so', async () => {
  await writeFile(path.join(directory, 'throws.mjs'), `throw new Error('no such luck');`);
  await expect(loadPlugins(['./throws.mjs'], directory)).rejects.toThrow('received an error (no such luck)');
  await expect(loadPlugins(['not-installed'], directory)).rejects.toThrow('Run npm install not-installed');
  await expect(loadPlugins(['./none.ts'], directory)).rejects.toThrow('a plugin that can be imported from "./none.ts"');
  await writeFile(path.join(directory, 'polytask.config.json'), JSON.stringify({ plugin: ['./throws.mjs'] }));
  await expect(loadConfiguredPlugins(path.join(directory, 'polytask.config.json'))).rejects.toThrow(
    'Did you mean "plugins"?',
  );
  expect(componentsOf('expert').map(({ name }) => name)).not.toContain('outside/siren'); // only in the other processes
});
