import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { componentsOf } from '@polytask/core';
import type { Summary } from '@polytask/study';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfiguredPlugins, loadPlugins } from './plugins.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A package as an outsider writes it: an expert, a gate, an architecture, a balancer and a metric. */
const PLUGIN = `
import * as tf from '@tensorflow/tfjs';
import { checks, defineExpert, defineGate, defineNetwork, dense, fusion, gateOf, poolUnits, seeing } from '@polytask/core';
import { defineGramianBalancer } from '@polytask/balancing';
import { defineMetric } from '@polytask/metrics';
import { softmaxGate } from '@polytask/gating';

const about = { package: 'outside', description: 'made outside' };

export const siren = defineExpert<{ units: number }>('outside/siren', (builder, { units }) => {
  const layer = dense(builder, { inputDim: builder.inputDim, units });
  return { outputDim: units, apply: (x, call) => tf.sin(layer(x, call)) };
}, { ...about, options: { units: checks.wholeNumber(1) }, variants: { 'outside/siren': { layer: (units) => ({ units }) } } });

export const staticSigmoid = defineGate('outside/static-sigmoid', ({ overExperts, experts, mask }) => {
  const scores = overExperts.bias('scores', experts);
  return { reads: 'nothing', apply: () => tf.mul(tf.sigmoid(scores), mask) };
}, { ...about, variants: { 'outside/static-sigmoid': { config: () => ({}) } } });

export const commonPool = defineNetwork<any>('outside/common-pool', ({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }, tasks) =>
  fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: seeing('all', gate) }]),
{ ...about, variants: { 'outside/common-pool': {
  onlyNamed: true,
  config: (size) => ({ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }),
} } });

const unit = defineGramianBalancer<object, null>('outside/unit-length', {
  description: 'made outside',
  default: () => unit({}),
  start: () => null,
  weights: (_state, _config, _moment, { gramian }) => gramian.map((row, i) => 1 / Math.sqrt(row[i]!)),
});

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
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the command, which has been built, in the plugin's directory. */
const polytask = async (...argv: string[]) => {
  const program = path.join(import.meta.dirname, '../bin/polytask.js');
  return (await promisify(execFile)(process.execPath, [program, ...argv], { cwd: directory })).stdout;
};

const limits = ['--seeds', '1', '--epochs', '1', '--limit-rows', '60', '--engine', 'cpu', '--json'];
const summaryOf = async (...argv: string[]) =>
  (JSON.parse(await polytask('bench', ...argv, ...limits)) as [Summary])[0];
const modelsOf = ({ models }: Summary) => models.map(({ model }) => model);

it('an outside package takes part in lists and comparisons, in a process and in workers', async () => {
  await writeFile(path.join(directory, 'polytask.config.ts'), `export default { plugins: ['./outside.ts'] };`);
  const suite = ['synthetic', '--models', 'single-task,outside/common-pool'];
  const parts = ['--experts', 'outside/siren', '--gates', 'outside/static-sigmoid'];
  const [list, inProcess, inWorker, balanced] = await Promise.all([
    polytask('list', 'balancers'),
    summaryOf(...suite, ...parts, '--workers', '0'),
    summaryOf(...suite, ...parts, '--workers', '1'),
    summaryOf(...suite, '--balancers', 'outside/unit-length', '--workers', '0'),
  ]);
  expect(list).toContain('outside/unit-length@representation');
  expect(modelsOf(inProcess)).toEqual([
    'single-task',
    'single-task [outside/siren]',
    'outside/common-pool',
    'outside/common-pool [outside/static-sigmoid]',
    'outside/common-pool [outside/siren]',
    'outside/common-pool [outside/siren, outside/static-sigmoid]',
  ]);
  const metricsOf = ({ models }: Summary) => models.map(({ model, metrics }) => [model, metrics]);
  expect(metricsOf(inWorker)).toEqual(metricsOf(inProcess));
  expect(JSON.stringify(metricsOf(inProcess))).toContain('outside/worst');
  expect(modelsOf(balanced)).toContain('outside/common-pool + outside/unit-length');
});

it("--import brings a package for one command, and a suite's own plugins are loaded relative to its file", async () => {
  const suite = { name: 'mine', extends: 'synthetic', plugins: ['../outside.ts'], models: ['outside/common-pool'] };
  await mkdir(path.join(directory, 'suites'));
  await rm(path.join(directory, 'polytask.config.ts'), { force: true });
  const text = `export const suite = ${JSON.stringify({ ...suite, baseline: suite.models[0] })};`;
  await writeFile(path.join(directory, 'suites', 'mine.ts'), text);
  const [list, summary] = await Promise.all([
    polytask('list', 'experts', '--import', './outside.ts'),
    summaryOf('suites/mine.ts'),
  ]);
  expect(list).toContain('outside/siren');
  expect(modelsOf(summary)).toEqual(['outside/common-pool']);
});

it('a plugin that is missing or throws is an error that says so', async () => {
  await writeFile(path.join(directory, 'throws.mjs'), `throw new Error('no such luck');`);
  await expect(loadPlugins(['./throws.mjs'], directory)).rejects.toThrow('received an error (no such luck)');
  await expect(loadPlugins(['not-installed'], directory)).rejects.toThrow('Run npm install not-installed');
  await expect(loadPlugins(['./none.ts'], directory)).rejects.toThrow('a plugin that can be imported from "./none.ts"');
  await writeFile(path.join(directory, 'polytask.config.json'), JSON.stringify({ plugin: ['./throws.mjs'] }));
  await expect(loadConfiguredPlugins(directory)).rejects.toThrow('Did you mean "plugins"?');
  expect(componentsOf('expert').map(({ name }) => name)).not.toContain('outside/siren'); // only in the other processes
});
